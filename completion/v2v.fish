# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Completion for fish. The program itself knows its options and plugins: v2v --complete WORD…
function __v2v_complete
    set -l words (commandline -opc) (commandline -ct)
    for answer in ($words[1] --complete $words[2..-1] 2>/dev/null)
        switch $answer
            case :files
                __fish_complete_path (commandline -ct)
            case :directories
                __fish_complete_directories (commandline -ct)
            case '*'
                echo $answer
        end
    end
end
for name in v2v virt-v2v virt-v2v-in-place virt-v2v-inspector
    complete -c $name -f -a '(__v2v_complete)'
end
