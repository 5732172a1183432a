# fish completion for sitrep, written by: sitrep completion fish

set -g __sitrep_value_flags -C --config --store --as-of --now --format --fields -o --output --deadline --preset --name --timezone --accept --service --team --program --severity --status --since --until --sort --limit --man
set -g __sitrep_nodes 'init' 'doctor' 'trust' 'config' 'config check' 'config schema' 'incident' 'incident list' 'incident show' 'program' 'program list' 'program show' 'launch' 'launch list' 'completion' 'help'

function __sitrep_node
    set -l node ''
    set -l waiting 0
    set -l words (commandline -opc)
    for word in $words[2..-1]
        if test $waiting = 1
            set waiting 0
        else if string match -q -- '-*' $word
            contains -- $word $__sitrep_value_flags; and set waiting 1
        else if contains -- (string trim "$node $word") $__sitrep_nodes
            set node (string trim "$node $word")
        end
    end
    echo $node
end

function __sitrep_at
    test (__sitrep_node) = "$argv[1]"
end

complete -c sitrep -f

complete -c sitrep -s C -r -a '(__fish_complete_directories)' -d 'Run as if started in DIR'
complete -c sitrep -l config -r -F -d 'Use this sitrep.toml; its folder is the workspace'
complete -c sitrep -l store -r -F -d 'Use this store instead of .sitrep/store.db of the workspace'
complete -c sitrep -l as-of -r -d 'Show what was known at TIME, which is also the present'
complete -c sitrep -l now -r -d 'Treat TIME as the present, for reproducible runs ($SITREP_NOW)'
complete -c sitrep -l json -d 'The same as --format json; errors are JSON too'
complete -c sitrep -l fields -r -d 'Print these columns, in this order'
complete -c sitrep -s o -l output -r -F -d 'Write data to FILE, replaced as a whole at the end'
complete -c sitrep -l deadline -r -d 'Stop the whole run after 90s, 10m, 2h …'
complete -c sitrep -s q -l quiet -d 'No notes and no progress'
complete -c sitrep -s v -l verbose -d 'More detail on standard error'
complete -c sitrep -l no-color -d 'No colour ($NO_COLOR)'
complete -c sitrep -l version -d 'Print the version'
complete -c sitrep -s h -l help -d 'Print help'
complete -c sitrep -n '__sitrep_at ""' -a init -d 'Make a workspace: a commented sitrep.toml and its folders'
complete -c sitrep -n '__sitrep_at ""' -a doctor -d 'Check configuration, secrets, reachability, store, templates and tools'
complete -c sitrep -n '__sitrep_at ""' -a trust -d 'Allow the programs that a workspace names to run'
complete -c sitrep -n '__sitrep_at ""' -a config -d 'Check sitrep.toml'
complete -c sitrep -n '__sitrep_at ""' -a incident -d 'Look at incidents'
complete -c sitrep -n '__sitrep_at ""' -a program -d 'Look at programs'
complete -c sitrep -n '__sitrep_at ""' -a launch -d 'Launch reviews'
complete -c sitrep -n '__sitrep_at ""' -a completion -d 'Print a completion script for a shell'
complete -c sitrep -n '__sitrep_at ""' -a help -d 'Show help for a command'
complete -c sitrep -n '__sitrep_at "init"' -a '(__fish_complete_directories)' -d 'The folder; the current one when omitted'
complete -c sitrep -n '__sitrep_at "init"' -l preset -r -a '(sitrep complete preset 2>/dev/null)' -d 'Start with this connector'
complete -c sitrep -n '__sitrep_at "init"' -l name -r -d 'Name of the workspace; the folder\'s when omitted'
complete -c sitrep -n '__sitrep_at "init"' -l timezone -r -d 'Zone of its periods, such as Europe/Berlin; UTC when omitted'
complete -c sitrep -n '__sitrep_at "doctor"' -l offline -d 'Leave the network alone'
complete -c sitrep -n '__sitrep_at "doctor"' -l format -r -a 'text json csv ndjson markdown' -d 'How data is printed'
complete -c sitrep -n '__sitrep_at "trust"' -F -d 'The files to trust; sitrep.toml when omitted'
complete -c sitrep -n '__sitrep_at "trust"' -l accept -r -d 'Trust the file if its SHA-256 is HASH, without asking (for CI)'
complete -c sitrep -n '__sitrep_at "config"' -a check -d 'Validate sitrep.toml without network'
complete -c sitrep -n '__sitrep_at "config"' -a schema -d 'Print a JSON Schema of sitrep.toml, for editors'
complete -c sitrep -n '__sitrep_at "config check"' -l format -r -a 'text json csv ndjson markdown' -d 'How data is printed'
complete -c sitrep -n '__sitrep_at "config schema"' -l format -r -a 'json' -d 'How data is printed'
complete -c sitrep -n '__sitrep_at "incident"' -a list -d 'List incidents, the newest first'
complete -c sitrep -n '__sitrep_at "incident"' -a show -d 'Show an incident with its updates and action items'
complete -c sitrep -n '__sitrep_at "incident list"' -l service -r -a '(sitrep complete service 2>/dev/null)' -d 'Of this service, by any of its names'
complete -c sitrep -n '__sitrep_at "incident list"' -l team -r -d 'Of this team'
complete -c sitrep -n '__sitrep_at "incident list"' -l program -r -a '(sitrep complete program 2>/dev/null)' -d 'Of this program'
complete -c sitrep -n '__sitrep_at "incident list"' -l severity -r -d 'Of this severity, such as SEV1'
complete -c sitrep -n '__sitrep_at "incident list"' -l status -r -d 'In this status'
complete -c sitrep -n '__sitrep_at "incident list"' -l since -r -d 'With started_at at TIME or later'
complete -c sitrep -n '__sitrep_at "incident list"' -l until -r -d 'With started_at before TIME'
complete -c sitrep -n '__sitrep_at "incident list"' -l sort -r -d 'Order; -COLUMN turns it round (default: -started_at)'
complete -c sitrep -n '__sitrep_at "incident list"' -l limit -r -d 'At most N rows, 0 for all (default: 50 as text, else all)'
complete -c sitrep -n '__sitrep_at "incident list"' -l format -r -a 'text json csv ndjson markdown' -d 'How data is printed'
complete -c sitrep -n '__sitrep_at "incident show"' -l format -r -a 'text json csv ndjson markdown' -d 'How data is printed'
complete -c sitrep -n '__sitrep_at "program"' -a list -d 'List programs by name, with the status that their owners declare'
complete -c sitrep -n '__sitrep_at "program"' -a show -d 'Show a program with its milestones and risks'
complete -c sitrep -n '__sitrep_at "program list"' -l team -r -d 'Of this team'
complete -c sitrep -n '__sitrep_at "program list"' -l status -r -d 'In this status'
complete -c sitrep -n '__sitrep_at "program list"' -l since -r -d 'With target_date at TIME or later'
complete -c sitrep -n '__sitrep_at "program list"' -l until -r -d 'With target_date before TIME'
complete -c sitrep -n '__sitrep_at "program list"' -l sort -r -d 'Order; -COLUMN turns it round (default: name)'
complete -c sitrep -n '__sitrep_at "program list"' -l limit -r -d 'At most N rows, 0 for all (default: 50 as text, else all)'
complete -c sitrep -n '__sitrep_at "program list"' -l format -r -a 'text json csv ndjson markdown' -d 'How data is printed'
complete -c sitrep -n '__sitrep_at "program show"' -a '(sitrep complete program 2>/dev/null)' -d 'The program\'s name or id'
complete -c sitrep -n '__sitrep_at "program show"' -l format -r -a 'text json csv ndjson markdown' -d 'How data is printed'
complete -c sitrep -n '__sitrep_at "launch"' -a list -d 'List launch reviews by target date'
complete -c sitrep -n '__sitrep_at "launch list"' -l service -r -a '(sitrep complete service 2>/dev/null)' -d 'Of this service, by any of its names'
complete -c sitrep -n '__sitrep_at "launch list"' -l team -r -d 'Of this team'
complete -c sitrep -n '__sitrep_at "launch list"' -l program -r -a '(sitrep complete program 2>/dev/null)' -d 'Of this program'
complete -c sitrep -n '__sitrep_at "launch list"' -l status -r -d 'In this status'
complete -c sitrep -n '__sitrep_at "launch list"' -l since -r -d 'With target_date at TIME or later'
complete -c sitrep -n '__sitrep_at "launch list"' -l until -r -d 'With target_date before TIME'
complete -c sitrep -n '__sitrep_at "launch list"' -l sort -r -d 'Order; -COLUMN turns it round (default: target_date)'
complete -c sitrep -n '__sitrep_at "launch list"' -l limit -r -d 'At most N rows, 0 for all (default: 50 as text, else all)'
complete -c sitrep -n '__sitrep_at "launch list"' -l format -r -a 'text json csv ndjson markdown' -d 'How data is printed'
complete -c sitrep -n '__sitrep_at "completion"' -a 'bash zsh fish' -d 'The shell'
complete -c sitrep -n '__sitrep_at "help"' -l man -r -a '(__fish_complete_directories)' -d 'Write the man pages into DIR'
complete -c sitrep -n '__sitrep_at "help"' -l examples -d 'Print the example of every command, one per line'
