// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The time of a machine, as all its processes have it: since it was started, and by its wall clock.
///
/// The wall clock can be set, and would then end leases early or never; so it is only what leases are shown by.
public struct MachineTime: Sendable {
    /// A moment.
    public struct Reading: Sendable, Hashable {
        /// Tells this start of the machine from every other.
        public var start: String
        /// Milliseconds since the machine was started, those included in which it slept.
        public var milliseconds: Int64
        /// Milliseconds since 1970 UTC, by the wall clock.
        public var wallMilliseconds: Int64

        /// Makes a moment.
        public init(start: String, milliseconds: Int64, wallMilliseconds: Int64) {
            self.start = start
            self.milliseconds = milliseconds
            self.wallMilliseconds = wallMilliseconds
        }
    }

    private let look: @Sendable () -> Reading

    /// Makes a time from what reads it.
    public init(_ read: @escaping @Sendable () -> Reading) { look = read }

    /// Reads the time.
    public func reading() -> Reading { look() }

    /// The time of this machine.
    ///
    /// > Source: clock_gettime(2) for `CLOCK_BOOTTIME`; random(4) for `boot_id`, which is new at every start.
    public static let thisMachine: MachineTime = {
        let start = startName()
        return MachineTime {
            let wall = milliseconds(of: CLOCK_REALTIME)
            // Without a name for the start, a time since then would say nothing.
            return Reading(start: start ?? "", milliseconds: start == nil ? wall : sinceStart(), wallMilliseconds: wall)
        }
    }()

    private static func sinceStart() -> Int64 {
        #if os(Linux) || os(Android)
        milliseconds(of: CLOCK_BOOTTIME)
        #else
        // On Apple systems this one goes on while the machine sleeps.
        milliseconds(of: CLOCK_MONOTONIC)
        #endif
    }

    private static func milliseconds(of clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    private static func startName() -> String? {
        #if os(Linux) || os(Android)
        let file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(file, &bytes, bytes.count)
        let name = bytes.prefix(max(0, count)).filter { $0 > 0x20 && $0 < 0x7F }
        #else
        var size = 64
        var bytes = [UInt8](repeating: 0, count: 64)
        guard sysctlbyname("kern.bootsessionuuid", &bytes, &size, nil, 0) == 0 else { return nil }
        let name = bytes.prefix(size).filter { $0 > 0x20 && $0 < 0x7F }
        #endif
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }
}
