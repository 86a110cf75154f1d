#!/bin/bash
# Signs a binary for macOS and has Apple notarize it: sign_macos.sh BINARY FOLDER. Certificates and keys
# come from the environment; without a certificate it prints a notice and does nothing. FOLDER is for
# temporary files.
set -euo pipefail

binary=$1
folder=$2
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)

if [ -z "${CERTIFICATE:-}" ]; then
  echo 'MACOS_CERTIFICATE is not set: not signed with a Developer ID'
  exit 0
fi

keychain=$folder/fob-signing.keychain-db
trap 'security delete-keychain "$keychain" || true
  rm -f "$folder/certificate.p12" "$folder/notary.p8" "$folder/fob.zip"' EXIT

password=$(openssl rand -hex 20)
security create-keychain -p "$password" "$keychain"
security set-keychain-settings -lut 3600 "$keychain"
security unlock-keychain -p "$password" "$keychain"
base64 -d <<<"$CERTIFICATE" >"$folder/certificate.p12"
security import "$folder/certificate.p12" -k "$keychain" -P "$CERTIFICATE_PASSWORD" \
  -T /usr/bin/codesign
security set-key-partition-list -S apple-tool:,apple: -s -k "$password" "$keychain" >/dev/null
identity=$(security find-identity -v -p codesigning "$keychain" | awk 'NR == 1 { print $2 }')

codesign --force --timestamp --options runtime --identifier cli.fob --keychain "$keychain" \
  --entitlements "$here/entitlements.plist" --sign "$identity" "$binary"
codesign --verify --strict --verbose=2 "$binary"

if [ -z "${NOTARY_KEY:-}" ]; then
  echo 'NOTARY_KEY is not set: not notarized'
  exit 0
fi
printf '%s\n' "$NOTARY_KEY" >"$folder/notary.p8"
ditto -c -k "$binary" "$folder/fob.zip"
# Only a bundle can have a stapled ticket. For a plain program, Gatekeeper asks Apple online.
xcrun notarytool submit "$folder/fob.zip" --wait --timeout 30m \
  --key "$folder/notary.p8" --key-id "$NOTARY_KEY_ID" --issuer "$NOTARY_ISSUER" \
  --output-format json >"$folder/notary.json"
cat "$folder/notary.json"
grep -q '"status" *: *"Accepted"' "$folder/notary.json"
