# bash completion for sitrep, written by: sitrep completion bash

_sitrep_value_flags=' -C --config --store --as-of --now --format --fields -o --output --deadline --preset --name --timezone --accept --since --replay --source --stream --observed-at --select --input --until --file --param --author --at --expires --service --team --program --severity --status --sort --limit --period --fail-on --max-age --sql --horizon --season --interval --dimension --days --growth --add --headroom --owner --tier --phase --target --redact --charts --title --incident --type --data --keep --man '
_sitrep_global_flags='-C --config --store --as-of --now --format --json --fields -o --output --deadline -q --quiet -v --verbose --no-color --version -h --help'

_sitrep_node() {  # $1: a command's path; sets commands and flags, fails when there is none
  case $1 in
    '') commands='demo init doctor trust config sync import source health status diff history query note incident program check forecast metric capacity slo ticket launch report publish doc template backup restore store completion help' flags='' ;;
    'demo') commands='' flags='--serve' ;;
    'init') commands='' flags='--preset --name --timezone' ;;
    'doctor') commands='' flags='--offline --format' ;;
    'trust') commands='' flags='--accept' ;;
    'config') commands='check schema' flags='' ;;
    'config check') commands='' flags='--format' ;;
    'config schema') commands='' flags='--format' ;;
    'sync') commands='' flags='--full --since --dry-run --allow-shrink --replay --format' ;;
    'import') commands='' flags='--source --stream --observed-at --snapshot --by-name --select --input --allow-shrink --format' ;;
    'source') commands='list show presets test record' flags='' ;;
    'source list') commands='' flags='--format' ;;
    'source show') commands='' flags='--format' ;;
    'source presets') commands='' flags='--format' ;;
    'source test') commands='' flags='--format' ;;
    'source record') commands='' flags='--since --format' ;;
    'health') commands='' flags='--format' ;;
    'status') commands='' flags='--format' ;;
    'diff') commands='' flags='--since --until --exit-code --all-columns --format' ;;
    'history') commands='' flags='--source --format' ;;
    'query') commands='' flags='--file --name --list --param --format' ;;
    'note') commands='add list' flags='' ;;
    'note add') commands='' flags='--author --at --expires' ;;
    'note list') commands='' flags='--all --format' ;;
    'incident') commands='list show stats' flags='' ;;
    'incident list') commands='' flags='--service --team --program --severity --status --since --until --sort --limit --format' ;;
    'incident show') commands='' flags='--format' ;;
    'incident stats') commands='' flags='--program --period --format' ;;
    'program') commands='list show' flags='' ;;
    'program list') commands='' flags='--team --status --since --until --sort --limit --format' ;;
    'program show') commands='' flags='--format' ;;
    'check') commands='' flags='--fail-on --max-age --format' ;;
    'forecast') commands='' flags='--sql --horizon --season --interval --best --format' ;;
    'metric') commands='list show explain' flags='' ;;
    'metric list') commands='' flags='--program --period --dimension --format' ;;
    'metric show') commands='' flags='--program --period --format' ;;
    'metric explain') commands='' flags='--program --period --format' ;;
    'capacity') commands='list show forecast plan' flags='' ;;
    'capacity list') commands='' flags='--service --team --program --sort --limit --format' ;;
    'capacity show') commands='' flags='--format' ;;
    'capacity forecast') commands='' flags='--interval --days --format' ;;
    'capacity plan') commands='' flags='--growth --add --until --headroom --service --program --format' ;;
    'slo') commands='list show' flags='' ;;
    'slo list') commands='' flags='--service --team --program --format' ;;
    'slo show') commands='' flags='--format' ;;
    'ticket') commands='stats' flags='' ;;
    'ticket stats') commands='' flags='--program --period --format' ;;
    'launch') commands='new check file status outbox list show' flags='' ;;
    'launch new') commands='' flags='--service --owner --program --tier --phase --target --format' ;;
    'launch check') commands='' flags='--format' ;;
    'launch file') commands='' flags='--resend --dry-run --unchecked --format' ;;
    'launch status') commands='' flags='--format' ;;
    'launch outbox') commands='' flags='--all --format' ;;
    'launch list') commands='' flags='--service --team --program --status --since --until --sort --blocked --overdue --mine --limit --format' ;;
    'launch show') commands='' flags='--format' ;;
    'report') commands='list schema' flags='--program --period --since --until --param --redact --charts --format' ;;
    'report list') commands='' flags='--format' ;;
    'report schema') commands='' flags='' ;;
    'publish') commands='' flags='--dry-run --resend --format' ;;
    'doc') commands='new refresh check list index' flags='' ;;
    'doc new') commands='' flags='--title --owner --incident --service --program --param --redact --format' ;;
    'doc refresh') commands='' flags='--check --discard-edits --format' ;;
    'doc check') commands='' flags='--format' ;;
    'doc list') commands='' flags='--type --status --owner --late --format' ;;
    'doc index') commands='' flags='--check' ;;
    'template') commands='list show copy diff check functions render' flags='' ;;
    'template list') commands='' flags='--format' ;;
    'template show') commands='' flags='' ;;
    'template copy') commands='' flags='' ;;
    'template diff') commands='' flags='--own --accept' ;;
    'template check') commands='' flags='' ;;
    'template functions') commands='' flags='--format' ;;
    'template render') commands='' flags='--data --format' ;;
    'backup') commands='' flags='' ;;
    'restore') commands='' flags='' ;;
    'store') commands='check stats gc export import forget' flags='' ;;
    'store check') commands='' flags='--format' ;;
    'store stats') commands='' flags='--format' ;;
    'store gc') commands='' flags='--keep --dry-run --format' ;;
    'store export') commands='' flags='--format' ;;
    'store import') commands='' flags='' ;;
    'store forget') commands='' flags='--dry-run --format' ;;
    'completion') commands='' flags='' ;;
    'help') commands='' flags='--man --examples' ;;
    *) return 1 ;;
  esac
}

_sitrep_values() {  # $1: a command's path, $2: a flag
  case $1:$2 in
    'init:--preset') echo '@preset' ;;
    'doctor:--format') echo 'text json csv ndjson markdown' ;;
    'config check:--format') echo 'text json csv ndjson markdown' ;;
    'config schema:--format') echo 'json' ;;
    'sync:--replay') echo '@folder' ;;
    'sync:--format') echo 'text json csv ndjson markdown' ;;
    'import:--source') echo '@source' ;;
    'import:--input') echo 'json ndjson csv' ;;
    'import:--format') echo 'text json ndjson csv markdown' ;;
    'source list:--format') echo 'text json csv ndjson markdown' ;;
    'source show:--format') echo 'text toml json csv ndjson markdown' ;;
    'source presets:--format') echo 'text json csv ndjson markdown' ;;
    'source test:--format') echo 'text json csv ndjson markdown' ;;
    'source record:--format') echo 'text json csv ndjson markdown' ;;
    'health:--format') echo 'text json csv ndjson markdown' ;;
    'status:--format') echo 'text json ndjson csv markdown' ;;
    'diff:--format') echo 'text json ndjson csv markdown' ;;
    'history:--source') echo '@source' ;;
    'history:--format') echo 'text json ndjson csv markdown' ;;
    'query:--file') echo '@file' ;;
    'query:--format') echo 'text json ndjson csv markdown' ;;
    'note list:--format') echo 'text json ndjson csv markdown' ;;
    'incident list:--service') echo '@service' ;;
    'incident list:--team') echo '@team' ;;
    'incident list:--program') echo '@program' ;;
    'incident list:--format') echo 'text json csv ndjson markdown' ;;
    'incident show:--format') echo 'text json csv ndjson markdown' ;;
    'incident stats:--program') echo '@program' ;;
    'incident stats:--period') echo 'week month quarter' ;;
    'incident stats:--format') echo 'text json' ;;
    'program list:--team') echo '@team' ;;
    'program list:--format') echo 'text json csv ndjson markdown' ;;
    'program show:--format') echo 'text json csv ndjson markdown' ;;
    'check:--fail-on') echo 'yellow red' ;;
    'check:--format') echo 'text json junit github' ;;
    'forecast:--format') echo 'text json csv ndjson markdown' ;;
    'metric list:--program') echo '@program' ;;
    'metric list:--period') echo 'week month quarter' ;;
    'metric list:--dimension') echo 'schedule launches incidents follow-through reliability capacity support data' ;;
    'metric list:--format') echo 'text json csv ndjson markdown' ;;
    'metric show:--program') echo '@program' ;;
    'metric show:--period') echo 'week month quarter' ;;
    'metric show:--format') echo 'text json' ;;
    'metric explain:--program') echo '@program' ;;
    'metric explain:--period') echo 'week month quarter' ;;
    'metric explain:--format') echo 'text json' ;;
    'capacity list:--service') echo '@service' ;;
    'capacity list:--team') echo '@team' ;;
    'capacity list:--program') echo '@program' ;;
    'capacity list:--sort') echo 'order-by idle over-requested' ;;
    'capacity list:--format') echo 'text json csv ndjson markdown' ;;
    'capacity show:--format') echo 'text json' ;;
    'capacity forecast:--format') echo 'text json csv ndjson markdown' ;;
    'capacity plan:--service') echo '@service' ;;
    'capacity plan:--program') echo '@program' ;;
    'capacity plan:--format') echo 'text json csv ndjson markdown' ;;
    'slo list:--service') echo '@service' ;;
    'slo list:--team') echo '@team' ;;
    'slo list:--program') echo '@program' ;;
    'slo list:--format') echo 'text json csv ndjson markdown' ;;
    'slo show:--format') echo 'text json' ;;
    'ticket stats:--program') echo '@program' ;;
    'ticket stats:--period') echo 'week month quarter' ;;
    'ticket stats:--format') echo 'text json' ;;
    'launch new:--service') echo '@service' ;;
    'launch new:--program') echo '@program' ;;
    'launch new:--tier') echo '1 2 3 4' ;;
    'launch new:--phase') echo 'alpha beta ga' ;;
    'launch new:--format') echo 'text json' ;;
    'launch check:--format') echo 'text json github sarif csv ndjson markdown' ;;
    'launch file:--format') echo 'text json' ;;
    'launch status:--format') echo 'text json csv ndjson markdown' ;;
    'launch outbox:--format') echo 'text json csv ndjson markdown' ;;
    'launch list:--service') echo '@service' ;;
    'launch list:--team') echo '@team' ;;
    'launch list:--program') echo '@program' ;;
    'launch list:--sort') echo 'target_date -target_date predicted_date -predicted_date age -age status id' ;;
    'launch list:--format') echo 'text json csv ndjson markdown' ;;
    'launch show:--format') echo 'text json' ;;
    'report:--program') echo '@program' ;;
    'report:--period') echo 'week month quarter' ;;
    'report:--charts') echo 'text svg' ;;
    'report:--format') echo 'text markdown html json csv slack' ;;
    'report list:--format') echo 'text json csv ndjson markdown' ;;
    'publish:--format') echo 'text json' ;;
    'doc new:--service') echo '@service' ;;
    'doc new:--program') echo '@program' ;;
    'doc new:--format') echo 'text json' ;;
    'doc refresh:--format') echo 'text json csv ndjson markdown' ;;
    'doc check:--format') echo 'text json github sarif csv ndjson markdown' ;;
    'doc list:--format') echo 'text json csv ndjson markdown' ;;
    'template list:--format') echo 'text json csv ndjson markdown' ;;
    'template functions:--format') echo 'text json csv ndjson markdown' ;;
    'template render:--data') echo '@file' ;;
    'template render:--format') echo 'markdown html text' ;;
    'store check:--format') echo 'text json ndjson csv markdown' ;;
    'store stats:--format') echo 'text json ndjson csv markdown' ;;
    'store gc:--format') echo 'text json ndjson csv markdown' ;;
    'store export:--format') echo 'ndjson' ;;
    'store forget:--format') echo 'text json ndjson csv markdown' ;;
    'help:--man') echo '@folder' ;;
    *:-C) echo '@folder' ;;
    *:--config) echo '@file' ;;
    *:--store) echo '@file' ;;
    *:-o|*:--output) echo '@file' ;;
  esac
}

_sitrep_argument() {  # $1: a command's path, $2: how many arguments stand in front
  case $1:$2 in
    'demo':0) echo '@folder' ;;
    'init':0) echo '@folder' ;;
    'trust':*) echo '@file' ;;
    'sync':*) echo '@source' ;;
    'import':0) echo '@entity' ;;
    'import':*) echo '@file' ;;
    'source show':0) echo '@source' ;;
    'source test':0) echo '@source' ;;
    'source record':0) echo '@source' ;;
    'source record':1) echo '@folder' ;;
    'health':0) echo '@program' ;;
    'diff':0) echo '@entity' ;;
    'history':0) echo '@entity' ;;
    'note add':0) echo '@program' ;;
    'note list':0) echo '@program' ;;
    'program show':0) echo '@program' ;;
    'forecast':0) echo '@file' ;;
    'launch check':*) echo '@file' ;;
    'launch file':0) echo '@file' ;;
    'launch status':0) echo '@file' ;;
    'launch show':0) echo '@launch_review' ;;
    'report':0) echo '@report' ;;
    'publish':0) echo '@publish' ;;
    'doc refresh':*) echo '@file' ;;
    'doc check':*) echo '@file' ;;
    'template show':0) echo '@template' ;;
    'template copy':0) echo '@template' ;;
    'template diff':0) echo '@template' ;;
    'template check':*) echo '@template' ;;
    'template render':0) echo '@file' ;;
    'backup':0) echo '@file' ;;
    'restore':0) echo '@file' ;;
    'store import':0) echo '@file' ;;
    'completion':0) echo 'bash zsh fish' ;;
    *) ;;
  esac
}

_sitrep_offer() {  # $1: words to offer, or @file, @folder, @KIND; $2: what is typed
  case $1 in
    @file) mapfile -t COMPREPLY < <(compgen -f -- "$2"); compopt -o filenames 2>/dev/null ;;
    @folder) mapfile -t COMPREPLY < <(compgen -d -- "$2"); compopt -o filenames 2>/dev/null ;;
    @*)
      local name
      # Not compgen -W, which would expand $(…) in a name that came from outside.
      while IFS= read -r name; do
        if [[ $name == "$2"* ]]; then COMPREPLY+=("$(printf '%q' "$name")"); fi
      done < <(sitrep complete "${1#@}" 2>/dev/null)
      ;;
    *) mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2") ;;
  esac
}

_sitrep() {
  local current=${COMP_WORDS[COMP_CWORD]} node='' waiting='' arguments=0 i word
  local commands='' flags=''
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word == = ]]; then continue; fi
    if [[ -n $waiting ]]; then
      waiting=''
    elif [[ $word == -* ]]; then
      if [[ $_sitrep_value_flags == *" $word "* ]]; then waiting=$word; fi
    elif _sitrep_node "${node:+$node }$word"; then
      node=${node:+$node }$word
    else
      arguments=$((arguments + 1))
    fi
  done
  if [[ $current == = ]]; then current=''; fi
  _sitrep_node "$node"
  if [[ -n $waiting ]]; then
    _sitrep_offer "$(_sitrep_values "$node" "$waiting")" "$current"
  elif [[ $current == -* ]]; then
    _sitrep_offer "$flags $_sitrep_global_flags" "$current"
  elif [[ -n $commands && $arguments -eq 0 ]]; then
    _sitrep_offer "$commands" "$current"
  else
    _sitrep_offer "$(_sitrep_argument "$node" "$arguments")" "$current"
  fi
}

complete -F _sitrep sitrep
