// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// Who plays the roles: a performer for each profile, with what its tokens cost.
public struct Cast: Sendable {
    private let members: [ProfileName: Member]

    private struct Member: Sendable {
        var performer: any Performer
        var profile: Profile
    }

    /// Makes a cast.
    ///
    /// - Parameter members: Each profile with its performer.
    public init(_ members: [(profile: Profile, performer: any Performer)]) {
        self.members = Dictionary(
            members.map { ($0.profile.name, Member(performer: $0.performer, profile: $0.profile)) },
            uniquingKeysWith: { _, last in last }
        )
    }

    /// Makes a cast in which one performer plays every profile that an architecture names.
    public init(everyone performer: any Performer, in architecture: Architecture) {
        self.init(
            Set(architecture.roles.compactMap(\.performer)).map { name in
                (profile: Profile(name: name, provider: .program), performer: performer)
            }
        )
    }

    /// The performer of a profile.
    public func performer(_ name: ProfileName) -> (any Performer)? { members[name]?.performer }

    /// The profile of a name.
    public func profile(_ name: ProfileName) -> Profile? { members[name]?.profile }

    /// Who performs, in words, by the name of the profile.
    public var about: [String: String] {
        Dictionary(members.map { ($0.key.rawValue, $0.value.performer.about) }) { first, _ in first }
    }
}
