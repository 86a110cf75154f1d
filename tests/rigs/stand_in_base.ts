/**
 * Minimal programs for each system that `deno compile` accepts instead of its own runtime, which it
 * cannot download in tests. The compiled programs cannot run, but their embedded files can be read.
 */
import type { Target } from "../../scripts/release/targets.ts";

/** A program for `target` to embed files in. */
export function standInBase({ os, arch }: Target): Uint8Array {
  const isArm = arch === "aarch64";
  if (os === "linux") return elf(isArm ? 183 : 62);
  if (os === "windows") return portableExecutable(isArm ? 0xaa64 : 0x8664);
  return machO(isArm ? 0x0100000c : 0x01000007);
}

/** Makes bytes with little-endian numbers. `fields` are offset, width in bytes, and value. */
function bytesOf(
  size: number,
  fields: readonly (readonly [number, 2 | 4 | 8, number])[],
  texts: Readonly<Record<number, string>> = {},
): Uint8Array {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  for (const [offset, width, value] of fields) {
    if (width === 2) view.setUint16(offset, value, true);
    else if (width === 4) view.setUint32(offset, value, true);
    else view.setBigUint64(offset, BigInt(value), true);
  }
  for (const [offset, text] of Object.entries(texts)) {
    bytes.set(new TextEncoder().encode(text), Number(offset));
  }
  return bytes;
}

/** elf(5): `Elf64_Ehdr`, one `Elf64_Phdr` that loads the whole file, no sections. */
function elf(machine: number): Uint8Array {
  const [base, size] = [0x400000, 0x1000];
  const header: [number, 2 | 4 | 8, number][] = [
    [4, 2, 0x0102], // 64 bits, little-endian
    [6, 2, 1],
    [16, 2, 2], // ET_EXEC
    [18, 2, machine],
    [20, 4, 1],
    [24, 8, base + 120],
    [32, 8, 64],
    [52, 2, 64],
    [54, 2, 56],
    [56, 2, 1],
    [58, 2, 64],
  ];
  return bytesOf(size, [
    ...header,
    [64, 4, 1], // PT_LOAD
    [68, 4, 5],
    [80, 8, base],
    [88, 8, base],
    [96, 8, size],
    [104, 8, size],
    [112, 8, size],
  ], { 0: "\x7fELF" });
}

/** Microsoft, "PE Format": the headers of a PE32+ console program, and one section. */
function portableExecutable(machine: number): Uint8Array {
  const [pe, optional, section] = [0x40, 0x58, 0x58 + 240];
  return bytesOf(0x400, [
    [0x3c, 4, pe],
    [pe + 4, 2, machine],
    [pe + 6, 2, 1],
    [pe + 20, 2, 240],
    [pe + 22, 2, 0x22],
    [optional, 2, 0x20b],
    [optional + 4, 4, 0x200],
    [optional + 16, 4, 0x1000],
    [optional + 20, 4, 0x1000],
    [optional + 24, 8, 0x140000000],
    [optional + 32, 4, 0x1000],
    [optional + 36, 4, 0x200],
    [optional + 40, 2, 6],
    [optional + 48, 2, 6],
    [optional + 56, 4, 0x2000],
    [optional + 60, 4, 0x200],
    [optional + 68, 2, 3], // a console program
    [optional + 108, 4, 16],
    [section + 8, 4, 0x200],
    [section + 12, 4, 0x1000],
    [section + 16, 4, 0x200],
    [section + 20, 4, 0x200],
    [section + 36, 4, 0x60000020],
  ], { 0: "MZ", [pe]: "PE", [section]: ".text" });
}

/** loader.h: `mach_header_64`, the segments, an empty table of symbols and an empty signature. */
function machO(cpu: number): Uint8Array {
  const [base, page, signature] = [2 ** 32, 0x4000, 0x4040];
  const commands = [
    segment("__PAGEZERO", 0, base, 0, 0, 0),
    segment("__TEXT", base, page, 0, page, 5),
    segment("__LINKEDIT", base + page, page, page, 80, 1),
    bytesOf(24, [[0, 4, 2], [4, 4, 24], [8, 4, page], [16, 4, page], [20, 4, 64]]), // LC_SYMTAB
    bytesOf(16, [[0, 4, 0x1d], [4, 4, 16], [8, 4, signature], [12, 4, 16]]), // LC_CODE_SIGNATURE
  ];
  const size = commands.reduce((sum, { length }) => sum + length, 0);
  const program = bytesOf(signature + 16, [
    [0, 4, 0xfeedfacf],
    [4, 4, cpu],
    [12, 4, 2],
    [16, 4, commands.length],
    [20, 4, size],
    [24, 4, 0x85],
  ]);
  commands.reduce((offset, command) => {
    program.set(command, offset);
    return offset + command.length;
  }, 32);
  return program;
}

/** `segment_command_64`: position in memory and in the file, and protection. */
function segment(
  ...[name, address, memory, offset, length, protection]: [
    string,
    number,
    number,
    number,
    number,
    number,
  ]
): Uint8Array {
  return bytesOf(72, [
    [0, 4, 0x19],
    [4, 4, 72],
    [24, 8, address],
    [32, 8, memory],
    [40, 8, offset],
    [48, 8, length],
    [56, 4, protection],
    [60, 4, protection],
  ], { 8: name });
}
