#!/bin/bash
# Signs a binary for macOS and has Apple notarize it: sign_macos.sh BINARY FOLDER. What it needs is in the
# environment; without a certificate it does nothing, and says so. FOLDER takes what is gone afterwards.
set -euo pipefail

binary=$1
folder=$2
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)

if [ -z "${CERTIFICATE:-}" ]; then
  echo 'There is no MACOS_CERTIFICATE: not signed by a Developer ID'
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
  echo 'There is no NOTARY_KEY: not notarized'
  exit 0
fi
printf '%s\n' "$NOTARY_KEY" >"$folder/notary.p8"
ditto -c -k "$binary" "$folder/fob.zip"
# A program that is no bundle cannot carry the ticket: Gatekeeper asks Apple for it.
xcrun notarytool submit "$folder/fob.zip" --wait --timeout 30m \
  --key "$folder/notary.p8" --key-id "$NOTARY_KEY_ID" --issuer "$NOTARY_ISSUER" \
  --output-format json >"$folder/notary.json"
cat "$folder/notary.json"
grep -q '"status" *: *"Accepted"' "$folder/notary.json"
