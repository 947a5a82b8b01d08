# bash completion for actiond(1)

_actiond() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} word command="" words=""
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* || $word == */* ]] || { command=$word; break; }
  done
  case $prev in
    --config | restore | import) compopt -o default; COMPREPLY=(); return ;;
    --skip) words="keys clock database hosts disk backup mail stripe limits socket nginx origins passed bodies pages gate tls" ;;
    *)
      case $command in
        "") words="--config --version serve reload status migrate user grant revoke permit forbid block unblock access sessions token audit spam inbox person mail courier key backup restore import check doctor call actions new new-action" ;;
        serve) words="--check --courier" ;;
        migrate) words="--redo --database" ;;
        status) words="--json --watch" ;;
        user) words="add list show set-password disable enable delete --name --password-stdin" ;;
        sessions) words="list end" ;;
        token) words="new list end --actions --until" ;;
        audit) words="--since --user --json" ;;
        spam) words="list release drop" ;;
        inbox) words="list show mark delete --state --form --json new read archived spam trash" ;;
        person) words="export erase" ;;
        mail) words="list show retry drop release" ;;
        key) words="new list drop --from" ;;
        grant | permit) words="--until" ;;
        backup) words="--keep"; compopt -o default ;;
        doctor) words="--skip" ;;
        call) words="--as $("${COMP_WORDS[0]}" actions 2>/dev/null | cut -d' ' -f1)" ;;
        new-action) words="--level" ;;
        actions) words="--json --nginx --permissions --form" ;;
      esac
      words+=" --help"
      ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -F _actiond actiond
