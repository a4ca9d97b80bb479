# Sourced by the other scripts: installs Debian packages that are missing.

# install_packages SCRIPT [--architecture=NAME] PACKAGE...
install_packages() {
  local script=$1 architecture='' package status missing=() root=()
  shift
  if [[ $1 == --architecture=* ]]; then
    architecture=${1#*=}
    shift
  fi
  for package in "$@"; do
    status=$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null || true)
    [[ $status == ii* ]] || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  ((EUID == 0)) || root=(sudo)
  echo "$script: installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  [[ -z $architecture ]] || "${root[@]}" dpkg --add-architecture "$architecture"
  "${root[@]}" apt-get update -qq
  "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" \
    >/dev/null
}
