# fish completion for watertight
complete -c watertight -f -n __fish_use_subcommand -a inspect -d 'say what leaks in a service or a saved capture'
complete -c watertight -f -n __fish_use_subcommand -a watch -d 'keep looking at a running service, one line per event'
complete -c watertight -f -n __fish_use_subcommand -a verify -d 'say whether a fix helped'
complete -c watertight -f -n __fish_use_subcommand -a flame -d 'draw stacks as a flame graph'
complete -c watertight -f -n __fish_use_subcommand -a convert -d 'convert between profile formats'
complete -c watertight -f -n __fish_use_subcommand -a run -d 'start a Node program with the agent in it'
complete -c watertight -f -n __fish_use_subcommand -a completion -d 'print a completion script for a shell'
complete -c watertight -f -n __fish_use_subcommand -a help -d 'print the help of a command'
complete -c watertight -n __fish_use_subcommand -l help -d 'print help'
complete -c watertight -n __fish_use_subcommand -l version -d 'print the version'
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l captures -d 'how often a running service is captured (default: 4; 8 where the budget allows no ids)' -r
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l interval -d 'time between two captures' -r
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l heap -d 'look at memory too: heap and allocation profiles'
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l app-module -d 'import path of the service\'s own code; repeatable' -r
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l source-root -d 'folder of the service\'s source, for paths (default: .)' -r
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l json -d 'print JSON: an object, or an array for several targets'
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l markdown -d 'print Markdown'
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l sarif -d 'write SARIF 2.1.0, for code scanning' -r
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l sonar -d 'write SonarQube generic issues' -r
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l html -d 'write one HTML file with findings and a flame graph' -r
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l fail-on -d 'exit with 1 for findings at or above it' -x -a 'critical high medium low never'
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l color -l colour -d 'colours in the report' -x -a 'auto always never'
complete -c watertight -n '__fish_seen_subcommand_from inspect' -s q -l quiet -d 'no progress on standard error'
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l stacks -d 'show the stacks behind the evidence'
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l prefix -d 'where pprof is served, when it is not /debug/pprof' -r
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l header -d 'a header for every request; repeatable' -r
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l token-env -d 'environment variable that holds a bearer token' -r
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l cert -d 'client certificate, PEM' -r
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l key -d 'its key, PEM' -r
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l ca -d 'authority that signed the target\'s certificate, PEM' -r
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l server-name -d 'name in the target\'s certificate, when it is not the host' -r
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l insecure -d 'accept any certificate; the report says so'
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l metric -d 'counter of requests served (Prometheus or expvar)' -r
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l metrics-path -d 'page of that counter (default: /metrics, /debug/vars)' -r
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l budget-ms -d 'time the target may stand still for one capture (default: 1000; Node: 3000)' -r
complete -c watertight -n '__fish_seen_subcommand_from inspect' -l budget-bytes -d 'bytes fetched for one capture' -r
complete -c watertight -n '__fish_seen_subcommand_from inspect' -s h -l help -d 'print this help'
complete -c watertight -n '__fish_seen_subcommand_from watch' -l interval -d 'time between two counts' -r
complete -c watertight -n '__fish_seen_subcommand_from watch' -l threshold -d 'goroutines that are high water (default: learned)' -r
complete -c watertight -n '__fish_seen_subcommand_from watch' -l captures -d 'captures of one series (default: 4; 8 where the budget allows no ids)' -r
complete -c watertight -n '__fish_seen_subcommand_from watch' -l capture-interval -d 'time between two of them' -r
complete -c watertight -n '__fish_seen_subcommand_from watch' -l hourly -d 'captures in any hour, at most' -r
complete -c watertight -n '__fish_seen_subcommand_from watch' -l for -d 'stop after this time' -r
complete -c watertight -n '__fish_seen_subcommand_from watch' -l heap -d 'keep heap profiles too'
complete -c watertight -n '__fish_seen_subcommand_from watch' -l app-module -d 'import path of the service\'s own code; repeatable' -r
complete -c watertight -n '__fish_seen_subcommand_from watch' -l folder -d 'where captures are kept' -r
complete -c watertight -n '__fish_seen_subcommand_from watch' -l folder-bytes -d 'how large it may become' -r
complete -c watertight -n '__fish_seen_subcommand_from watch' -l folder-files -d 'how many files it may hold' -r
complete -c watertight -n '__fish_seen_subcommand_from watch' -l json -d 'one JSON object per event'
complete -c watertight -n '__fish_seen_subcommand_from watch' -l color -l colour -d 'colours in the report' -x -a 'auto always never'
complete -c watertight -n '__fish_seen_subcommand_from watch' -s q -l quiet -d 'no progress on standard error'
complete -c watertight -n '__fish_seen_subcommand_from watch' -l prefix -d 'where pprof is served, when it is not /debug/pprof' -r
complete -c watertight -n '__fish_seen_subcommand_from watch' -l header -d 'a header for every request; repeatable' -r
complete -c watertight -n '__fish_seen_subcommand_from watch' -l token-env -d 'environment variable that holds a bearer token' -r
complete -c watertight -n '__fish_seen_subcommand_from watch' -l cert -d 'client certificate, PEM' -r
complete -c watertight -n '__fish_seen_subcommand_from watch' -l key -d 'its key, PEM' -r
complete -c watertight -n '__fish_seen_subcommand_from watch' -l ca -d 'authority that signed the target\'s certificate, PEM' -r
complete -c watertight -n '__fish_seen_subcommand_from watch' -l server-name -d 'name in the target\'s certificate, when it is not the host' -r
complete -c watertight -n '__fish_seen_subcommand_from watch' -l insecure -d 'accept any certificate; the report says so'
complete -c watertight -n '__fish_seen_subcommand_from watch' -l metric -d 'counter of requests served (Prometheus or expvar)' -r
complete -c watertight -n '__fish_seen_subcommand_from watch' -l metrics-path -d 'page of that counter (default: /metrics, /debug/vars)' -r
complete -c watertight -n '__fish_seen_subcommand_from watch' -l budget-ms -d 'time the target may stand still for one capture (default: 1000; Node: 3000)' -r
complete -c watertight -n '__fish_seen_subcommand_from watch' -l budget-bytes -d 'bytes fetched for one capture' -r
complete -c watertight -n '__fish_seen_subcommand_from watch' -s h -l help -d 'print this help'
complete -c watertight -n '__fish_seen_subcommand_from verify' -l before -d 'a report of inspect --json, or captures' -r
complete -c watertight -n '__fish_seen_subcommand_from verify' -l captures -d 'how often a running service is captured' -r
complete -c watertight -n '__fish_seen_subcommand_from verify' -l interval -d 'time between two captures' -r
complete -c watertight -n '__fish_seen_subcommand_from verify' -l heap -d 'look at memory too'
complete -c watertight -n '__fish_seen_subcommand_from verify' -l app-module -d 'import path of the service\'s own code; repeatable' -r
complete -c watertight -n '__fish_seen_subcommand_from verify' -l json -d 'print JSON'
complete -c watertight -n '__fish_seen_subcommand_from verify' -l color -l colour -d 'colours in the report' -x -a 'auto always never'
complete -c watertight -n '__fish_seen_subcommand_from verify' -s q -l quiet -d 'no progress on standard error'
complete -c watertight -n '__fish_seen_subcommand_from verify' -l prefix -d 'where pprof is served, when it is not /debug/pprof' -r
complete -c watertight -n '__fish_seen_subcommand_from verify' -l header -d 'a header for every request; repeatable' -r
complete -c watertight -n '__fish_seen_subcommand_from verify' -l token-env -d 'environment variable that holds a bearer token' -r
complete -c watertight -n '__fish_seen_subcommand_from verify' -l cert -d 'client certificate, PEM' -r
complete -c watertight -n '__fish_seen_subcommand_from verify' -l key -d 'its key, PEM' -r
complete -c watertight -n '__fish_seen_subcommand_from verify' -l ca -d 'authority that signed the target\'s certificate, PEM' -r
complete -c watertight -n '__fish_seen_subcommand_from verify' -l server-name -d 'name in the target\'s certificate, when it is not the host' -r
complete -c watertight -n '__fish_seen_subcommand_from verify' -l insecure -d 'accept any certificate; the report says so'
complete -c watertight -n '__fish_seen_subcommand_from verify' -l metric -d 'counter of requests served (Prometheus or expvar)' -r
complete -c watertight -n '__fish_seen_subcommand_from verify' -l metrics-path -d 'page of that counter (default: /metrics, /debug/vars)' -r
complete -c watertight -n '__fish_seen_subcommand_from verify' -l budget-ms -d 'time the target may stand still for one capture (default: 1000; Node: 3000)' -r
complete -c watertight -n '__fish_seen_subcommand_from verify' -l budget-bytes -d 'bytes fetched for one capture' -r
complete -c watertight -n '__fish_seen_subcommand_from verify' -s h -l help -d 'print this help'
complete -c watertight -n '__fish_seen_subcommand_from flame' -s o -l output -d 'where to write; - is standard output' -r
complete -c watertight -n '__fish_seen_subcommand_from flame' -l format -d 'svg, html or folded (default: by the file\'s extension)' -x -a 'svg html folded'
complete -c watertight -n '__fish_seen_subcommand_from flame' -l diff -d 'a file or target to compare with' -r
complete -c watertight -n '__fish_seen_subcommand_from flame' -l by -d 'state, creator or label:KEY' -r
complete -c watertight -n '__fish_seen_subcommand_from flame' -l profile -d 'which profile of a running service' -x -a 'goroutine heap allocs cpu'
complete -c watertight -n '__fish_seen_subcommand_from flame' -l seconds -d 'how long a cpu profile samples' -r
complete -c watertight -n '__fish_seen_subcommand_from flame' -l sample -d 'which values of it, such as inuse_space' -r
complete -c watertight -n '__fish_seen_subcommand_from flame' -l title -d 'title of the picture (default: the target)' -r
complete -c watertight -n '__fish_seen_subcommand_from flame' -l color -l colour -d 'colours in the report' -x -a 'auto always never'
complete -c watertight -n '__fish_seen_subcommand_from flame' -s q -l quiet -d 'no progress on standard error'
complete -c watertight -n '__fish_seen_subcommand_from flame' -l prefix -d 'where pprof is served, when it is not /debug/pprof' -r
complete -c watertight -n '__fish_seen_subcommand_from flame' -l header -d 'a header for every request; repeatable' -r
complete -c watertight -n '__fish_seen_subcommand_from flame' -l token-env -d 'environment variable that holds a bearer token' -r
complete -c watertight -n '__fish_seen_subcommand_from flame' -l cert -d 'client certificate, PEM' -r
complete -c watertight -n '__fish_seen_subcommand_from flame' -l key -d 'its key, PEM' -r
complete -c watertight -n '__fish_seen_subcommand_from flame' -l ca -d 'authority that signed the target\'s certificate, PEM' -r
complete -c watertight -n '__fish_seen_subcommand_from flame' -l server-name -d 'name in the target\'s certificate, when it is not the host' -r
complete -c watertight -n '__fish_seen_subcommand_from flame' -l insecure -d 'accept any certificate; the report says so'
complete -c watertight -n '__fish_seen_subcommand_from flame' -l metric -d 'counter of requests served (Prometheus or expvar)' -r
complete -c watertight -n '__fish_seen_subcommand_from flame' -l metrics-path -d 'page of that counter (default: /metrics, /debug/vars)' -r
complete -c watertight -n '__fish_seen_subcommand_from flame' -l budget-ms -d 'time the target may stand still for one capture (default: 1000; Node: 3000)' -r
complete -c watertight -n '__fish_seen_subcommand_from flame' -l budget-bytes -d 'bytes fetched for one capture' -r
complete -c watertight -n '__fish_seen_subcommand_from flame' -s h -l help -d 'print this help'
complete -c watertight -n '__fish_seen_subcommand_from convert' -s o -l output -d 'where to write; - is standard output' -r
complete -c watertight -n '__fish_seen_subcommand_from convert' -l to -d 'pprof or folded (default: by the file\'s extension)' -x -a 'pprof folded'
complete -c watertight -n '__fish_seen_subcommand_from convert' -l sample -d 'which values go into folded stacks' -r
complete -c watertight -n '__fish_seen_subcommand_from convert' -s h -l help -d 'print this help'
complete -c watertight -n '__fish_seen_subcommand_from run' -l port -d 'the agent\'s port (default: any that is free)' -r
complete -c watertight -n '__fish_seen_subcommand_from run' -l requests -d 'what is kept of each request' -x -a 'off auto on'
complete -c watertight -n '__fish_seen_subcommand_from run' -s h -l help -d 'print this help'
complete -c watertight -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'
complete -c watertight -n '__fish_seen_subcommand_from completion' -s h -l help -d 'print this help'
complete -c watertight -n '__fish_seen_subcommand_from help' -f -a 'inspect watch verify flame convert run completion'
