# Installs fob for the current user, without administrator rights.
#
#   $env:FOB_VERSION      the version to install, such as 1.2.3 (default: the latest)
#   $env:FOB_INSTALL_DIR  the folder of the program (default: %LOCALAPPDATA%\Programs\fob)
#
# The archive is verified with the checksums of the release before it is unpacked.

function Install-Fob {
  Set-StrictMode -Version 2
  $ErrorActionPreference = 'Stop'
  # The progress bar makes the download much slower.
  $ProgressPreference = 'SilentlyContinue'
  # Windows PowerShell 5.1 may not offer TLS 1.2 by default.
  [Net.ServicePointManager]::SecurityProtocol =
    [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

  $releases = 'https://github.com/OWNER/fob/releases'
  if ($env:FOB_RELEASES) { $releases = $env:FOB_RELEASES }
  # http://127.0.0.1 is for the tests of this script.
  if ($releases -notmatch '^(https://|http://127\.0\.0\.1:)') {
    throw "FOB_RELEASES must be an https URL: ""$releases"""
  }
  $directory = Join-Path $env:LOCALAPPDATA 'Programs\fob'
  if ($env:FOB_INSTALL_DIR) { $directory = $env:FOB_INSTALL_DIR }
  if (-not [IO.Path]::IsPathRooted($directory)) {
    throw "FOB_INSTALL_DIR must be an absolute path: ""$directory"""
  }
  $wanted = "$env:FOB_VERSION" -replace '^v', ''
  if ($wanted -notmatch '^[0-9A-Za-z.-]*$') {
    throw "FOB_VERSION is not a version: ""$wanted"""
  }
  # PROCESSOR_ARCHITEW6432 is the machine's processor if the process is emulated.
  $processor = $env:PROCESSOR_ARCHITECTURE
  if ($env:PROCESSOR_ARCHITEW6432) { $processor = $env:PROCESSOR_ARCHITEW6432 }
  switch ($processor) {
    'AMD64' { $target = 'x86_64-pc-windows-msvc' }
    'ARM64' { $target = 'aarch64-pc-windows-msvc' }
    default { throw "unsupported processor: ""$processor""" }
  }

  New-Item -ItemType Directory -Force -Path $directory | Out-Null
  # In the same folder as the program, so that the final rename is atomic.
  $work = Join-Path $directory (".fob-install." + [IO.Path]::GetRandomFileName())
  New-Item -ItemType Directory -Path $work | Out-Null
  try {
    $folder = 'latest/download'
    if ($wanted) { $folder = "download/v$wanted" }
    $sums = Join-Path $work 'SHA256SUMS'
    Get-ReleaseFile "$releases/$folder/SHA256SUMS" $sums
    $found = Get-Content $sums | Select-String -CaseSensitive `
      -Pattern "^([0-9a-f]{64}) [ *]fob-([0-9A-Za-z.-]+)-$target\.zip$" | Select-Object -Last 1
    if (-not $found) { throw "no checksum for $target in SHA256SUMS of the release" }
    $expected = $found.Matches[0].Groups[1].Value
    $version = $found.Matches[0].Groups[2].Value
    if ($wanted -and $wanted -ne $version) {
      throw "version mismatch: release $wanted has an archive of $version"
    }
    $name = "fob-$version-$target"
    $archive = Join-Path $work "$name.zip"
    Write-Host "fob: downloading fob $version for $target"
    Get-ReleaseFile "$releases/download/v$version/$name.zip" $archive
    $actual = (Get-FileHash -Algorithm SHA256 -Path $archive).Hash.ToLowerInvariant()
    if ($actual -ne $expected) {
      throw "checksum mismatch for $name.zip: expected $expected, got $actual"
    }
    Expand-Archive -Path $archive -DestinationPath $work
    $program = Join-Path (Join-Path $work $name) 'fob.exe'
    if (-not (Test-Path -PathType Leaf $program)) { throw "$name.zip does not contain fob.exe" }
    $answer = & $program --version
    if ($LASTEXITCODE -ne 0) { throw "the program does not run on this system: $answer" }
    if ($answer -ne "fob $version") {
      throw "the program in $name.zip reports ""$answer"" instead of ""fob $version"""
    }
    $installed = Join-Path $directory 'fob.exe'
    Move-Item -Force -Path $program -Destination $installed
  } finally {
    Remove-Item -Recurse -Force -Path $work
  }

  # `fob version` reads this file to report how fob was installed. It is optional.
  $share = Join-Path $env:LOCALAPPDATA 'fob'
  try {
    New-Item -ItemType Directory -Force -Path $share | Out-Null
    [IO.File]::WriteAllText((Join-Path $share 'install.ps1'), "$installed`n")
  } catch {
    Write-Host "fob: could not write ""$share\install.ps1"""
  }

  Write-Host "fob: installed fob $version as $installed"
  if (($env:Path -split ';') -notcontains $directory) {
    Write-Host "fob: $directory is not in PATH; add it:"
    Write-Host ("  [Environment]::SetEnvironmentVariable('Path', '$directory;' + " +
      "[Environment]::GetEnvironmentVariable('Path', 'User'), 'User')")
  }
}

function Get-ReleaseFile($url, $path) {
  try {
    Invoke-WebRequest -UseBasicParsing -Uri $url -OutFile $path
  } catch {
    throw "cannot download ${url}: $($_.Exception.Message)"
  }
}

# Called last, so that a partial download of this script does nothing.
try {
  Install-Fob
} catch {
  [Console]::Error.WriteLine("fob: $($_.Exception.Message)")
  [Console]::Error.WriteLine('fob: installation failed; nothing was installed')
  # `exit` would close the user's shell if the script was piped into it.
  if ($PSCommandPath) { exit 1 }
}
