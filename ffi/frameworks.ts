/** The paths of the macOS frameworks. Since macOS 11 they are not files, but in the loader's cache. */
export const frameworks = {
  coreFoundation: "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation",
  security: "/System/Library/Frameworks/Security.framework/Security",
} as const;

/** The libraries to open, the system's or a test's. */
export type FrameworkPaths = Readonly<Record<keyof typeof frameworks, string>>;
