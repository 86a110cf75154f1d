#!/bin/sh
# Installs fob for the current user, without root.
#
#   FOB_VERSION      the version to install, such as 1.2.3 (default: the latest)
#   FOB_INSTALL_DIR  the folder of the program (default: ~/.local/bin)
#
# The archive is verified with the checksums of the release before it is unpacked.
set -eu

repository='OWNER/fob'

main() {
  releases=${FOB_RELEASES:-https://github.com/$repository/releases}
  case $releases in
    https://*) schemes='=https' ;;
    # For the tests of this script.
    http://127.0.0.1:*) schemes='=http' ;;
    *) fail "FOB_RELEASES must be an https URL: \"$releases\"" ;;
  esac
  [ -n "${FOB_INSTALL_DIR:-${HOME:-}}" ] || fail 'neither HOME nor FOB_INSTALL_DIR is set'
  directory=${FOB_INSTALL_DIR:-$HOME/.local/bin}
  case $directory in
    /*) ;;
    *) fail "FOB_INSTALL_DIR must be an absolute path: \"$directory\"" ;;
  esac
  wanted=${FOB_VERSION:-}
  wanted=${wanted#v}
  case $wanted in
    *[!0-9A-Za-z.-]*) fail "FOB_VERSION is not a version: \"$wanted\"" ;;
  esac

  find_target
  need tar
  find_downloader
  find_checker

  # mv would move the program into that folder.
  [ ! -d "$directory/fob" ] || fail "\"$directory/fob\" is a folder"
  mkdir -p "$directory" || fail "cannot create the folder \"$directory\""
  # In the same folder as the program, so that the final rename is atomic.
  work=$(mktemp -d "$directory/.fob-install.XXXXXX") || fail "cannot write to \"$directory\""
  trap 'rm -rf "$work"' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM

  if [ -n "$wanted" ]; then
    download "download/v$wanted/SHA256SUMS" "$work/SHA256SUMS"
  else
    download latest/download/SHA256SUMS "$work/SHA256SUMS"
  fi
  read_checksum
  archive=fob-$version-$target.tar.gz
  say "downloading fob $version for $target"
  download "download/v$version/$archive" "$work/$archive"
  actual=$(checksum "$work/$archive")
  [ "$actual" = "$expected" ] ||
    fail "checksum mismatch for $archive: expected $expected, got $actual"
  tar -xzf "$work/$archive" -C "$work" || fail "cannot unpack $archive"
  program=$work/fob-$version-$target/fob
  [ -f "$program" ] || fail "$archive does not contain fob"
  chmod 755 "$program"
  answer=$("$program" --version 2>&1) || fail "the program does not run on this system: $answer"
  [ "$answer" = "fob $version" ] || fail "the program in $archive reports \"$answer\" instead of \"fob $version\""

  mv -f "$program" "$directory/fob" || fail "cannot write \"$directory/fob\""
  write_note
  say "installed fob $version as $directory/fob"
  check_path
}

# Sets `target` to the release target of this system.
find_target() {
  system=$(uname -s)
  processor=$(uname -m)
  case $processor in
    x86_64 | amd64) processor=x86_64 ;;
    aarch64 | arm64) processor=aarch64 ;;
    *) fail "unsupported processor: \"$processor\"" ;;
  esac
  case $system in
    Linux)
      if is_musl; then
        fail 'musl is not supported: fob needs the GNU C library 2.27 or newer'
      fi
      target=$processor-unknown-linux-gnu
      ;;
    Darwin)
      # Under Rosetta, uname reports x86_64.
      if [ "$(sysctl -n hw.optional.arm64 2>/dev/null)" = 1 ]; then processor=aarch64; fi
      target=$processor-apple-darwin
      ;;
    *) fail "unsupported system: \"$system\" (on Windows, use install.ps1)" ;;
  esac
}

# Whether the system's C library is musl: its loader exists, and the loader of the GNU C library does
# not. FOB_INSTALL_ROOT is for the tests of this script.
is_musl() {
  root=${FOB_INSTALL_ROOT:-}
  for loader in "$root"/lib64/ld-linux-*.so.* "$root"/lib/ld-linux-*.so.*; do
    if [ -e "$loader" ]; then return 1; fi
  done
  for loader in "$root"/lib/ld-musl-*.so.*; do
    if [ -e "$loader" ]; then return 0; fi
  done
  return 1
}

find_downloader() {
  if has curl; then
    downloader=curl
  elif has wget; then
    downloader=wget
  else
    fail 'curl or wget is required'
  fi
}

# Downloads a file of the releases.
download() {
  # Redirects to another scheme are refused too. BusyBox wget has no option for that.
  case $downloader in
    curl) curl --fail --silent --show-error --location --proto "$schemes" --proto-redir "$schemes" \
      --retry 2 --output "$2" "$releases/$1" ;;
    wget)
      if [ "$schemes" = '=https' ] && wget --help 2>&1 | grep -q -e --https-only; then
        wget -q --https-only -O "$2" "$releases/$1"
      else
        wget -q -O "$2" "$releases/$1"
      fi
      ;;
  esac || fail "cannot download $releases/$1"
}

# Sets `version` and `expected` from the checksum of the archive for this system.
read_checksum() {
  version='' expected=''
  while read -r hash name; do
    name=${name#\*}
    case $name in
      fob-*-"$target".tar.gz) ;;
      *) continue ;;
    esac
    version=${name#fob-}
    version=${version%-"$target".tar.gz}
    expected=$hash
  done <"$work/SHA256SUMS"
  [ -n "$version" ] || fail "no checksum for $target in SHA256SUMS of the release"
  case $version in
    *[!0-9A-Za-z.-]*) fail "invalid version in SHA256SUMS: \"$version\"" ;;
  esac
  case $expected in
    *[!0-9a-f]* | '') fail 'SHA256SUMS of the release is invalid' ;;
  esac
  [ "${#expected}" -eq 64 ] || fail 'SHA256SUMS of the release is invalid'
  [ -z "$wanted" ] || [ "$wanted" = "$version" ] ||
    fail "version mismatch: release $wanted has an archive of $version"
}

find_checker() {
  for checker in sha256sum shasum openssl; do
    if has "$checker"; then return; fi
  done
  fail 'sha256sum, shasum or openssl is required to verify the download'
}

# Prints the SHA-256 of a file.
checksum() {
  case $checker in
    sha256sum) sha256sum "$1" ;;
    shasum) shasum -a 256 "$1" ;;
    openssl) openssl dgst -sha256 -r "$1" ;;
  esac | cut -d ' ' -f 1
}

# Writes the file that `fob version` reads to report how fob was installed. It is optional.
write_note() {
  share=${XDG_DATA_HOME:-${HOME:-}/.local/share}
  case $share in
    /.local/share | [!/]*) return ;;
  esac
  if ! { mkdir -p "$share/fob" && printf '%s\n' "$directory/fob" >"$share/fob/install.sh"; }; then
    say "could not write \"$share/fob/install.sh\""
  fi
}

# Prints a notice if PATH does not have the program, or has another fob first.
check_path() {
  found=$(command -v fob || :)
  if [ -z "$found" ]; then
    say "$directory is not in PATH; add it: export PATH=\"$directory:\$PATH\""
  elif [ "$found" != "$directory/fob" ]; then
    say "another fob comes first in PATH: $found"
  fi
}

has() {
  command -v "$1" >/dev/null 2>&1
}

need() {
  has "$1" || fail "$1 is required"
}

say() {
  printf 'fob: %s\n' "$1" >&2
}

fail() {
  say "$1"
  say 'installation failed; nothing was installed'
  exit 1
}

# Last, so that a part of this file does nothing.
main "$@"
