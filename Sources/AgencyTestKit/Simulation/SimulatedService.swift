// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import Synchronization

/// Something outside of every workspace that notices are posted to: what has come about there cannot be taken back.
///
/// What is sent to it can be lost, delayed and doubled on the way, and so can its answers.
final class SimulatedService: Sendable {
    /// How long its tools say that an effect may take to show itself, in seconds.
    static let settlingSeconds = 30.0
    /// How long its tools say that it knows a key again, in seconds.
    static let retentionSeconds = 1800.0

    static let manifests: [ToolManifest] = [
        manifest("notice.keyed", .keyed(retentionSeconds: retentionSeconds)),
        manifest("notice.probed", .keyed(retentionSeconds: 60, canProbe: true, settlingSeconds: settlingSeconds)),
        manifest("notice.probeable", .probeable(settlingSeconds: settlingSeconds)),
        manifest("notice.blind", .blind),
    ]

    private struct Post {
        var applied = 0
        var inFlight = 0
        var keyedAt: SteppedClock.Instant?
    }

    private let posts = Mutex<[Digest: Post]>([:])
    private let clock: SteppedClock
    private let forgets: Bool

    /// Makes a service.
    ///
    /// - Parameters:
    ///   - clock: The time.
    ///   - forgets: Whether it forgets keys when it said that it would. No runtime can keep to a time by a clock that jumps.
    init(clock: SteppedClock, forgets: Bool) {
        self.clock = clock
        self.forgets = forgets
    }

    private static func manifest(_ name: ToolName, _ repeatability: Repeatability) -> ToolManifest {
        ToolManifest(
            name: name,
            about: "Posts a notice that everybody sees.",
            parameters: .object(["text": .string()]),
            effect: .write,
            repeatability: repeatability
        )
    }

    /// Whether a tool acts here.
    static func has(_ tool: ToolName) -> Bool { tool.rawValue.hasPrefix("notice.") }

    /// Whether a tool has the service know again what it was sent before.
    static func isKeyed(_ tool: ToolName) -> Bool { tool == "notice.keyed" || tool == "notice.probed" }

    /// How often an effect has come about.
    func applied(_ effect: Digest) -> Int { posts.withLock { $0[effect]?.applied ?? 0 } }

    /// Whether something that was sent is still on its way.
    func isInFlight(_ effect: Digest) -> Bool { posts.withLock { $0[effect]?.inFlight ?? 0 > 0 } }

    /// Takes note that something is on its way.
    func depart(_ effect: Digest) { posts.withLock { $0[effect, default: Post()].inFlight += 1 } }

    /// Takes what was on its way.
    func arrive(_ effect: Digest, of action: Action) {
        posts.withLock { $0[effect, default: Post()].inFlight -= 1 }
        deliver(effect, of: action)
    }

    /// Posts a notice, unless its key is known from before.
    func deliver(_ effect: Digest, of action: Action) {
        let now = clock.now
        let retention = Self.manifests.first { $0.name == action.tool }?.repeatability?.retentionSeconds
        posts.withLock { posts in
            var post = posts[effect, default: Post()]
            // A little longer than it says, for what was sent in time and has travelled.
            let isKnown = post.keyedAt.map { !forgets || $0.duration(to: now) < .seconds((retention ?? 0) + 30) }
            if isKnown != true {
                post.applied += 1
                if retention != nil { post.keyedAt = now }
            }
            posts[effect] = post
        }
    }
}
