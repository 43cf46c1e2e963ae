// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import Synchronization

/// The limits of all endpoints that a process uses, so that everybody who is cast in it shares them.
///
/// A provider counts the requests of a key, not those of a run or of a file of profiles. Where several profiles share an
/// endpoint, the tightest of their limits holds, from when the profile became known.
public final class EndpointLimits: Sendable {
    private let reserves: Bool
    private let clock: any Clock<Duration>
    private let limiters = Mutex<[Endpoint: Limiter]>([:])

    /// Makes limits that nobody shares yet.
    ///
    /// - Parameters:
    ///   - reserves: Whether many runs share them: an eighth of the requests to an endpoint is then kept for runs that have
    ///     none under way, so that no run can take everything.
    ///   - clock: What minutes are measured with.
    public init(reserves: Bool = false, clock: any Clock<Duration> = ContinuousClock()) {
        self.reserves = reserves
        self.clock = clock
    }

    /// Makes sure that the limits of a profile hold, and returns what keeps them.
    func limiter(for profile: Profile) -> Limiter {
        // Two people cannot be asked at one terminal at once.
        let concurrency = profile.provider == .person ? 1 : profile.concurrency
        return limiters.withLock { limiters in
            let endpoint = Endpoint(profile)
            if let known = limiters[endpoint] {
                known.tighten(concurrency: concurrency, perMinute: profile.requestsPerMinute, reserved: reserved)
                return known
            }
            let limiter = Limiter(
                concurrency: concurrency,
                requestsPerMinute: profile.requestsPerMinute,
                reserved: reserved(concurrency),
                clock: clock
            )
            limiters[endpoint] = limiter
            return limiter
        }
    }

    private func reserved(_ concurrency: Int) -> Int { reserves ? (concurrency + 7) / 8 : 0 }

    /// What a limit is for: the provider, its address and the key that is counted against.
    private struct Endpoint: Hashable {
        let provider: Profile.Provider
        let address: String
        let key: String

        init(_ profile: Profile) {
            provider = profile.provider
            switch profile.provider {
            case .openai, .anthropic:
                address = profile.url ?? ""
                key = profile.keyVariable ?? ""
            case .program:
                address = profile.command.joined(separator: "\u{0}")
                key = ""
            case .person:
                address = ""
                key = ""
            }
        }
    }
}
