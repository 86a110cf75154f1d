# Installs fob for this user: no administrator, nothing outside of the folders named below.
#
#   $env:FOB_VERSION      the version to install, as 1.2.3; the newest where it is not set
#   $env:FOB_INSTALL_DIR  where the program goes; %LOCALAPPDATA%\Programs\fob where it is not set
#
# The archive is checked against the checksums of the release before anything of it is used.

function Install-Fob {
  Set-StrictMode -Version 2
  $ErrorActionPreference = 'Stop'
  # Showing progress takes longer than the download.
  $ProgressPreference = 'SilentlyContinue'
  # Windows PowerShell 5.1 offers servers less where it is not told to.
  [Net.ServicePointManager]::SecurityProtocol =
    [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

  $releases = 'https://github.com/OWNER/fob/releases'
  if ($env:FOB_RELEASES) { $releases = $env:FOB_RELEASES }
  # The second is for tests of this file: nothing can be in between.
  if ($releases -notmatch '^(https://|http://127\.0\.0\.1:)') {
    throw "FOB_RELEASES is ""$releases"", which is not https"
  }
  $directory = Join-Path $env:LOCALAPPDATA 'Programs\fob'
  if ($env:FOB_INSTALL_DIR) { $directory = $env:FOB_INSTALL_DIR }
  if (-not [IO.Path]::IsPathRooted($directory)) {
    throw "FOB_INSTALL_DIR is ""$directory"", which is not an absolute path"
  }
  $wanted = "$env:FOB_VERSION" -replace '^v', ''
  if ($wanted -notmatch '^[0-9A-Za-z.-]*$') {
    throw "FOB_VERSION is ""$wanted"", which is no version"
  }
  # A process for another processor is told its own, and the machine's beside it.
  $processor = $env:PROCESSOR_ARCHITECTURE
  if ($env:PROCESSOR_ARCHITEW6432) { $processor = $env:PROCESSOR_ARCHITEW6432 }
  switch ($processor) {
    'AMD64' { $target = 'x86_64-pc-windows-msvc' }
    'ARM64' { $target = 'aarch64-pc-windows-msvc' }
    default { throw "there is no fob for the processor ""$processor""" }
  }

  New-Item -ItemType Directory -Force -Path $directory | Out-Null
  # Beside the program, so that it can be renamed into its place in one step.
  $work = Join-Path $directory (".fob-install." + [IO.Path]::GetRandomFileName())
  New-Item -ItemType Directory -Path $work | Out-Null
  try {
    $folder = 'latest/download'
    if ($wanted) { $folder = "download/v$wanted" }
    $sums = Join-Path $work 'SHA256SUMS'
    Get-ReleaseFile "$releases/$folder/SHA256SUMS" $sums
    $found = Get-Content $sums | Select-String -CaseSensitive `
      -Pattern "^([0-9a-f]{64}) [ *]fob-([0-9A-Za-z.-]+)-$target\.zip$" | Select-Object -Last 1
    if (-not $found) { throw "the release has no checksum of an archive for $target" }
    $expected = $found.Matches[0].Groups[1].Value
    $version = $found.Matches[0].Groups[2].Value
    if ($wanted -and $wanted -ne $version) {
      throw "the release of $wanted has an archive of $version"
    }
    $name = "fob-$version-$target"
    $archive = Join-Path $work "$name.zip"
    Write-Host "fob: downloading fob $version for $target"
    Get-ReleaseFile "$releases/download/v$version/$name.zip" $archive
    $actual = (Get-FileHash -Algorithm SHA256 -Path $archive).Hash.ToLowerInvariant()
    if ($actual -ne $expected) {
      throw "$name.zip is not what was released: its SHA-256 is $actual, and should be $expected"
    }
    Expand-Archive -Path $archive -DestinationPath $work
    $program = Join-Path (Join-Path $work $name) 'fob.exe'
    if (-not (Test-Path -PathType Leaf $program)) { throw "there is no program in $name.zip" }
    $answer = & $program --version
    if ($LASTEXITCODE -ne 0) { throw "the program does not run here: $answer" }
    if ($answer -ne "fob $version") {
      throw "the program in $name.zip says that it is ""$answer"""
    }
    $installed = Join-Path $directory 'fob.exe'
    Move-Item -Force -Path $program -Destination $installed
  } finally {
    Remove-Item -Recurse -Force -Path $work
  }

  # Tells `fob version` who installed it. It works without.
  $share = Join-Path $env:LOCALAPPDATA 'fob'
  try {
    New-Item -ItemType Directory -Force -Path $share | Out-Null
    [IO.File]::WriteAllText((Join-Path $share 'install.ps1'), "$installed`n")
  } catch {
    Write-Host "fob: cannot note in ""$share"" how fob was installed"
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

# Last, so that a part of this file does nothing.
try {
  Install-Fob
} catch {
  [Console]::Error.WriteLine("fob: $($_.Exception.Message)")
  [Console]::Error.WriteLine('fob: nothing was installed')
  # In a shell that it was piped into, `exit` would end that.
  if ($PSCommandPath) { exit 1 }
}
