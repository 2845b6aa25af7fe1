import Foundation

/// Whether the machine is said to do nothing else (`SNNSIM_LIVE_TESTS=1`), for tests whose outcome depends on the pace of a live
/// stream: how much a sleeping subscriber misses, or how many messages leave in half a second.
public var isQuiet: Bool { ProcessInfo.processInfo.environment["SNNSIM_LIVE_TESTS"] != nil }
