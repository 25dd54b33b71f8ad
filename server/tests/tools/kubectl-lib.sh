# shellcheck shell=bash
# shellcheck disable=SC2034  # read by kubectl
# kubectl's options and listings.

words=() remote=()
tty='' patch='' replicas='' file='' namespace=default selector='' output='' watch=''

# Sorts the arguments of a command into words, options and what follows `--`.
parse() {
    local command=$1
    shift
    while [ $# -gt 0 ]; do
        case $1 in
            --) shift && remote=("$@") && return ;;
            -n | --namespace) namespace=$2 && shift ;;
            -l | --selector) selector=$2 && shift ;;
            -o | --output) output=$2 && shift ;;
            -o=* | --output=*) output=${1#*=} ;;
            -p | --patch) patch=$2 && shift ;;
            -f | --filename) file=$2 && shift ;;
            --field-selector) shift ;;
            --replicas=*) replicas=${1#*=} ;;
            --sort-by=* | --for=* | --timeout=* | --tail=* | --cascade=* | --field-selector=*) ;;
            -it | -ti | -t) tty=yes ;;
            -i) ;;
            -w | --watch) watch=yes ;;
            -*) unknown "error: unknown flag: $1" "See 'kubectl $command --help' for usage." ;;
            *) words+=("$1") ;;
        esac
        shift
    done
}

# Fails as kubectl does when there is no such pod.
need_pod() {
    [[ ${1#pod/} =~ ^((postgresql|shop-db)-[0-2]|deploy/[a-z-]+)$ ]] ||
        fail "Error from server (NotFound): pods \"${1#pod/}\" not found"
}

cluster_of() {
    if [[ $1 == *shop-db* ]]; then echo shop-db; else echo postgresql; fi
}

# `deployment/x` as kubectl says it when it has done something to it.
full_name() {
    case $1 in
        deploy/* | deployment/*) echo "deployment.apps/${1#*/}" ;;
        statefulset/*) echo "statefulset.apps/${1#*/}" ;;
        *) fail "error: the server doesn't have a resource type \"${1%%/*}\"" ;;
    esac
}

get() {
    local cluster=postgresql name
    [[ $selector == *shop-db* || $namespace == shop ]] && cluster=shop-db
    case ${1:-} in
        pods) get_pods "$cluster" ;;
        statefulset) printf 'NAME         READY   AGE\n%s   3/3     41d\n' "${2:-$cluster}" ;;
        pvc) printf 'NAME                STATUS   CAPACITY   ACCESS MODES   AGE\ndata-%s-0   Bound    50Gi       RWO            41d\n' "$cluster" ;;
        endpoints) printf 'NAME      ENDPOINTS         AGE\n%s   10.42.0.11:5432   41d\n' "${2:-$cluster}" ;;
        events) printf 'LAST SEEN   TYPE      REASON      OBJECT             MESSAGE\n4m          Warning   Unhealthy   pod/%s-0   Readiness probe failed\n' "$cluster" ;;
        deployment/*)
            [[ $output == jsonpath=* ]] || fail "error: only jsonpath is answered here"
            name=${1#*/} && recall "replicas-$name" 3
            ;;
        *) fail "error: the server doesn't have a resource type \"${1:-}\"" ;;
    esac
}

get_pods() {
    local leader
    leader=$(recall "leader-$1" "$1-0")
    if [ "$output" = name ]; then
        if [[ $selector == *role=master* ]]; then echo "pod/$leader"; else printf "pod/$1-%s\n" 0 1 2; fi
        return
    fi
    printf '%-13s  READY   STATUS    RESTARTS   AGE\n' NAME
    printf "%-13s  1/1     Running   0          41d\n" "$1-0" "$1-1" "$1-2"
    if [ -n "$watch" ]; then follow; fi
}
