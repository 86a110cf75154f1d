#!/bin/sh
# Installs fob for this user: no root, nothing outside of the folders named below.
#
#   FOB_VERSION      the version to install, as 1.2.3; the newest where it is not set
#   FOB_INSTALL_DIR  where the program goes; ~/.local/bin where it is not set
#
# The archive is checked against the checksums of the release before anything of it is used.
set -eu

repository='OWNER/fob'

main() {
  releases=${FOB_RELEASES:-https://github.com/$repository/releases}
  case $releases in
    https://*) schemes='=https' ;;
    # For tests of this file: nothing can be in between.
    http://127.0.0.1:*) schemes='=http' ;;
    *) fail "FOB_RELEASES is \"$releases\", which is not https" ;;
  esac
  [ -n "${FOB_INSTALL_DIR:-${HOME:-}}" ] || fail 'neither HOME nor FOB_INSTALL_DIR is set'
  directory=${FOB_INSTALL_DIR:-$HOME/.local/bin}
  case $directory in
    /*) ;;
    *) fail "FOB_INSTALL_DIR is \"$directory\", which is not an absolute path" ;;
  esac
  wanted=${FOB_VERSION:-}
  wanted=${wanted#v}
  case $wanted in
    *[!0-9A-Za-z.-]*) fail "FOB_VERSION is \"$wanted\", which is no version" ;;
  esac

  find_target
  need tar
  find_downloader
  find_checker

  # mv would put the program into it.
  [ ! -d "$directory/fob" ] || fail "\"$directory/fob\" is a folder"
  mkdir -p "$directory" || fail "cannot make the folder \"$directory\""
  # Beside the program, so that it can be renamed into its place in one step.
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
    fail "$archive is not what was released: its SHA-256 is $actual, and should be $expected"
  tar -xzf "$work/$archive" -C "$work" || fail "cannot unpack $archive"
  program=$work/fob-$version-$target/fob
  [ -f "$program" ] || fail "there is no program in $archive"
  chmod 755 "$program"
  answer=$("$program" --version 2>&1) || fail "the program does not run here: $answer"
  [ "$answer" = "fob $version" ] || fail "the program in $archive says that it is \"$answer\""

  mv -f "$program" "$directory/fob" || fail "cannot write \"$directory/fob\""
  leave_note
  say "installed fob $version as $directory/fob"
  tell_path
}

# Sets `target` to the name of this system's binary.
find_target() {
  system=$(uname -s)
  processor=$(uname -m)
  case $processor in
    x86_64 | amd64) processor=x86_64 ;;
    aarch64 | arm64) processor=aarch64 ;;
    *) fail "there is no fob for the processor \"$processor\"" ;;
  esac
  case $system in
    Linux)
      if is_musl; then
        fail 'there is no fob for musl: it needs the GNU C library, 2.27 or newer'
      fi
      target=$processor-unknown-linux-gnu
      ;;
    Darwin)
      # A shell that is translated takes the machine for an older one.
      if [ "$(sysctl -n hw.optional.arm64 2>/dev/null)" = 1 ]; then processor=aarch64; fi
      target=$processor-apple-darwin
      ;;
    *) fail "there is no fob for \"$system\" here; on Windows use install.ps1" ;;
  esac
}

# Whether the system's C library is musl: its loader is there and that of the GNU C library is not.
# FOB_INSTALL_ROOT is for tests of this file.
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
    fail 'neither curl nor wget is there'
  fi
}

# Downloads a file of the releases.
download() {
  # A redirect may not lead to another scheme either; the wget of busybox cannot promise that.
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

# Sets `version` and `expected` to what the checksums say of this system's archive.
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
  [ -n "$version" ] || fail "the release has no checksum of an archive for $target"
  case $version in
    *[!0-9A-Za-z.-]*) fail "the release's version is \"$version\", which is no version" ;;
  esac
  case $expected in
    *[!0-9a-f]* | '') fail 'the checksums of the release cannot be read' ;;
  esac
  [ "${#expected}" -eq 64 ] || fail 'the checksums of the release cannot be read'
  [ -z "$wanted" ] || [ "$wanted" = "$version" ] ||
    fail "the release of $wanted has an archive of $version"
}

find_checker() {
  for checker in sha256sum shasum openssl; do
    if has "$checker"; then return; fi
  done
  fail 'none of sha256sum, shasum and openssl is there to check the download'
}

# Prints the SHA-256 of a file.
checksum() {
  case $checker in
    sha256sum) sha256sum "$1" ;;
    shasum) shasum -a 256 "$1" ;;
    openssl) openssl dgst -sha256 -r "$1" ;;
  esac | cut -d ' ' -f 1
}

# Tells `fob version` who installed it. It works without.
leave_note() {
  share=${XDG_DATA_HOME:-${HOME:-}/.local/share}
  case $share in
    /.local/share | [!/]*) return ;;
  esac
  if ! { mkdir -p "$share/fob" && printf '%s\n' "$directory/fob" >"$share/fob/install.sh"; }; then
    say "cannot note in \"$share/fob\" how fob was installed"
  fi
}

# Says what to do where a shell would not find the program, or another one first.
tell_path() {
  found=$(command -v fob || :)
  if [ -z "$found" ]; then
    say "$directory is not in PATH; add it: export PATH=\"$directory:\$PATH\""
  elif [ "$found" != "$directory/fob" ]; then
    say "PATH leads to another fob first: $found"
  fi
}

has() {
  command -v "$1" >/dev/null 2>&1
}

need() {
  has "$1" || fail "$1 is not there"
}

say() {
  printf 'fob: %s\n' "$1" >&2
}

fail() {
  say "$1"
  say 'nothing was installed'
  exit 1
}

# Last, so that a part of this file does nothing.
main "$@"
