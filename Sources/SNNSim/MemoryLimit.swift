import Foundation

/// How much memory a network may take.
public enum MemoryLimit {
  /// Bytes that are available now: what the kernel says can be given without swapping, and the limit of the control group.
  public static var available: Double {
    var limit = Double(ProcessInfo.processInfo.physicalMemory)
    if let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
      let kibibytes = line.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
    {
      limit = min(limit, kibibytes * 1024)
    }
    if let text = try? String(contentsOfFile: "/sys/fs/cgroup/memory.max", encoding: .utf8),
      let bytes = Double(text.trimmingCharacters(in: .whitespacesAndNewlines))
    {
      limit = min(limit, bytes)
    }
    return limit
  }

  /// The largest resident size of this process so far, in megabytes (10⁶ bytes).
  ///
  /// Linux's `getrusage` counts the process that started this one too, up to the moment of the start; `VmHWM` doesn't.
  public static var peakResidentMegabytes: Double {
    #if os(Linux)
      let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
      let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      let kibibytes = line.flatMap { $0.split(whereSeparator: \.isWhitespace).dropFirst().first }.flatMap { Double($0) }
      return (kibibytes ?? .nan) * 1024 / 1e6
    #else
      var usage = rusage()
      getrusage(RUSAGE_SELF, &usage)
      return Double(usage.ru_maxrss) / 1e6
    #endif
  }
}
