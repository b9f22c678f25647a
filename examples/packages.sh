# Sourced by quickstart.sh and tests/run.sh: install Debian packages that are missing.

# install_packages NAME…: does nothing, and needs no rights, where all are there.
install_packages() {
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q '^install ok installed' ||
      missing+=("$name")
  done
  [ ${#missing[@]} = 0 ] && return
  echo "installing: ${missing[*]}" >&2
  local sudo=
  if [ "$(id -u)" != 0 ]; then
    sudo=sudo
    command -v sudo >/dev/null || {
      echo "run as root, or install first: apt-get install ${missing[*]}" >&2
      return 1
    }
  fi
  $sudo apt-get update -q >/dev/null
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}" >/dev/null
}
