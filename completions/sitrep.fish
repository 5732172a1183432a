# fish completion for sitrep, written by: sitrep completion fish

set -g __sitrep_value_flags -C --config --store --as-of --now --format --fields -o --output --deadline --man
set -g __sitrep_nodes 'completion' 'help'

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
complete -c sitrep -n '__sitrep_at ""' -a completion -d 'Print a completion script for a shell'
complete -c sitrep -n '__sitrep_at ""' -a help -d 'Show help for a command'
complete -c sitrep -n '__sitrep_at "completion"' -a 'bash zsh fish' -d 'The shell'
complete -c sitrep -n '__sitrep_at "help"' -l man -r -a '(__fish_complete_directories)' -d 'Write the man pages into DIR'
complete -c sitrep -n '__sitrep_at "help"' -l examples -d 'Print the example of every command, one per line'
