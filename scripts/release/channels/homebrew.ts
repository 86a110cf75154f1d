import { downloadUrl, homepage, summary } from "../repository.ts";
import { archiveName, type Target, targets } from "../targets.ts";

/** Homebrew's names for operating systems and processors. */
const systems = [["macos", "on_macos"], ["linux", "on_linux"]] as const;
const processors = [["aarch64", "on_arm"], ["x86_64", "on_intel"]] as const;

/** The formula of `version` (Formula Cookbook, docs.brew.sh). `hash` returns the SHA-256 of an archive. */
export function homebrewFormula(version: string, hash: (file: string) => string): string {
  const blocks = systems.map(([os, on]) => {
    const inner = processors.map(([arch, onProcessor]) =>
      source(version, targetOf(os, arch), onProcessor, hash)
    );
    return `  ${on} do\n${inner.join("")}  end\n`;
  });
  return `class Fob < Formula
  desc "${summary}"
  homepage "${homepage()}"
  version "${version}"
  license "MIT"

  livecheck do
    url :homepage
    strategy :github_latest
  end

${blocks.join("\n")}
  def install
    bin.install "fob"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/fob.bash" => "fob"
    zsh_completion.install "completions/_fob"
    fish_completion.install "completions/fob.fish"
    pkgshare.install "completions/fob.ps1"
    prefix.install "THIRD_PARTY"
  end

  test do
    assert_equal "fob #{version}", shell_output("#{bin}/fob --version").strip
    assert_equal "signed-in", shell_output("API_TOKEN=signed-in #{bin}/fob auth token -o text").strip
  end
end
`;
}

function source(
  version: string,
  target: Target,
  on: string,
  hash: (file: string) => string,
): string {
  const file = archiveName(version, target);
  return `    ${on} do
      url "${downloadUrl(version, file)}"
      sha256 "${hash(file)}"
    end
`;
}

function targetOf(os: string, arch: string): Target {
  const found = targets.find((target) => target.os === os && target.arch === arch);
  if (found === undefined) throw new Error(`No target for ${os} on ${arch}`);
  return found;
}
