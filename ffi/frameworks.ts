/** Where macOS keeps the frameworks. No file is there since macOS 11: the loader has them in its cache. */
export const frameworks = {
  coreFoundation: "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation",
  security: "/System/Library/Frameworks/Security.framework/Security",
} as const;

/** The libraries to open, the system's or a test's. */
export type FrameworkPaths = Readonly<Record<keyof typeof frameworks, string>>;
