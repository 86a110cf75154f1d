# Signs a binary for Windows. The certificate is in the environment; without one it does nothing, and says
# so. Folder takes what is gone afterwards.
param(
  [Parameter(Mandatory)] [string] $Binary,
  [Parameter(Mandatory)] [string] $Folder
)
$ErrorActionPreference = 'Stop'

if (-not $env:CERTIFICATE) {
  Write-Host 'There is no WINDOWS_CERTIFICATE: not signed'
  exit 0
}
$kits = "${env:ProgramFiles(x86)}\Windows Kits\10\bin\10.*\x64\signtool.exe"
$signtool = Get-Item $kits | Sort-Object FullName | Select-Object -Last 1
if (-not $signtool) { throw "There is no $kits" }
$certificate = Join-Path $Folder 'fob-certificate.pfx'
[IO.File]::WriteAllBytes($certificate, [Convert]::FromBase64String($env:CERTIFICATE))
try {
  & $signtool sign /fd sha256 /tr http://timestamp.digicert.com /td sha256 /d fob `
    /f $certificate /p $env:CERTIFICATE_PASSWORD $Binary
  if ($LASTEXITCODE -ne 0) { throw "signtool ended with $LASTEXITCODE" }
  & $signtool verify /pa $Binary
  if ($LASTEXITCODE -ne 0) { throw "signtool does not take its own signature" }
} finally {
  Remove-Item -Force $certificate
}
