# Signs a binary for Windows. The certificate comes from the environment; without one it prints a notice
# and does nothing. Folder is for temporary files.
param(
  [Parameter(Mandatory)] [string] $Binary,
  [Parameter(Mandatory)] [string] $Folder
)
$ErrorActionPreference = 'Stop'

if (-not $env:CERTIFICATE) {
  Write-Host 'WINDOWS_CERTIFICATE is not set: not signed'
  exit 0
}
$kits = "${env:ProgramFiles(x86)}\Windows Kits\10\bin\10.*\x64\signtool.exe"
$signtool = Get-Item $kits | Sort-Object FullName | Select-Object -Last 1
if (-not $signtool) { throw "signtool not found: $kits" }
$certificate = Join-Path $Folder 'fob-certificate.pfx'
[IO.File]::WriteAllBytes($certificate, [Convert]::FromBase64String($env:CERTIFICATE))
try {
  & $signtool sign /fd sha256 /tr http://timestamp.digicert.com /td sha256 /d fob `
    /f $certificate /p $env:CERTIFICATE_PASSWORD $Binary
  if ($LASTEXITCODE -ne 0) { throw "signtool exited with $LASTEXITCODE" }
  & $signtool verify /pa $Binary
  if ($LASTEXITCODE -ne 0) { throw "signtool could not verify the signature" }
} finally {
  Remove-Item -Force $certificate
}
