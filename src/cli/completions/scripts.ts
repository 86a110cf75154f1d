/*
 * The completion script of each shell. The scripts contain no command names: they call fob for every word, so
 * they stay correct when fob is updated. They never evaluate the typed text.
 */

/** The shells that have completions. */
export const shells = ["bash", "zsh", "fish", "powershell"] as const;

export type Shell = typeof shells[number];

/** The names under which the shells look for the completions of a command named fob. */
export const fileNames: Readonly<Record<Shell, string>> = {
  bash: "fob.bash",
  zsh: "_fob",
  fish: "fob.fish",
  powershell: "fob.ps1",
};

/** The words after `--` of `fob exec` are completed as another command. */
const bash = `# Completions of fob for bash. Made by: fob completions bash

_fob() {
  local at line
  COMPREPLY=()
  if [[ \${COMP_WORDS[1]-} == exec ]]; then
    for ((at = 2; at < COMP_CWORD; at++)); do
      [[ \${COMP_WORDS[at]} == -- ]] || continue
      declare -F _command_offset >/dev/null && _command_offset $((at + 1))
      return
    done
  fi
  while IFS= read -r line; do
    COMPREPLY+=("$line")
  done < <(
    command fob __complete bash "\${COMP_TYPE:-9}" "\${COLUMNS:-80}" "$COMP_WORDBREAKS" \\
      "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null </dev/null
  )
  if [[ \${COMPREPLY[0]-} == :files ]]; then
    COMPREPLY=()
    compopt -o default 2>/dev/null
  fi
}

complete -F _fob fob
`;

const zsh = `#compdef fob
# Completions of fob for zsh. Made by: fob completions zsh

_fob() {
  local -i at=\${words[(i)--]}
  if [[ \${words[2]} == exec ]] && (( at < CURRENT )); then
    shift at words
    (( CURRENT -= at ))
    _normal
    return
  fi
  local -a found
  found=("\${(@f)$(command fob __complete zsh "\${(@Q)words[2,CURRENT-1]}" \\
    "\${(Q)PREFIX}" 2>/dev/null </dev/null)}")
  found=(\${found:#})
  if [[ \${found[1]} == :files ]]; then
    _files
    return
  fi
  (( \${#found} )) && _describe -t fob 'fob' found
}

if [[ \${funcstack[1]} == _fob ]]; then
  _fob "$@"
else
  compdef _fob fob
fi
`;

const fish = `# Completions of fob for fish. Made by: fob completions fish

function __fob_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l found (command fob __complete fish $words[2..-1] "$current" 2>/dev/null </dev/null)
    if test "$found[1]" = :files
        __fish_complete_path $current
    else if set -q found[1]
        printf '%s\\n' $found
    end
end

function __fob_runs_a_command
    set -l words (commandline -opc)
    test "$words[2]" = exec; and contains -- -- $words
end

complete -c fob -e
complete -c fob -f -n 'not __fob_runs_a_command' -a '(__fob_complete)'
complete -c fob -x -n __fob_runs_a_command \\
    -a '(complete -C (string replace -r -- "^.*? -- " "" (commandline -pc)))'
`;

const powershell = `# Completions of fob for PowerShell. Made by: fob completions powershell

Register-ArgumentCompleter -Native -CommandName fob -ScriptBlock {
  param($word, $line, $cursor)
  $typed = @($line.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object {
      if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value }
      else { $_.Extent.Text }
    })
  & fob __complete powershell @typed ".$word" 2>$null | Where-Object { $_ -ne ':files' } | ForEach-Object {
    $value, $about = $_ -split "\`t", 2
    if (-not $about) { $about = $value }
    $text = $value
    if ($text -match '[^\\w./:@%+=-]') { $text = "'" + ($text -replace "'", "''") + "'" }
    [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $about)
  }
}
`;

/** The completion script of each shell. */
export const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish, powershell };
