// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// The policy under which programs are contained, as data that a record can hold and two people can compare.
public struct Containment: Sendable, Hashable, Codable {
    /// The form of this description.
    public var form = 1
    /// What the programs may do to the workspace.
    public var access: Sandbox.Access
    /// The arguments of bubblewrap, with `WORKSPACE` for the folder, and without a command.
    public var arguments: [String]
    /// How changes to the workspace come about: `none`, `overlay` with a copy where the kernel has none, or `copy`.
    public var view: String
    /// The calls of the kernel that are refused, always or for some arguments, sorted.
    public var refusedCalls: [String]
    /// The digest of the filter of system calls for each kind of processor.
    public var filters: [String: Digest]
    /// The bounds.
    public var limits: Sandbox.Limits
    /// The hosts that the programs may reach; `nil` where they have no network.
    public var hosts: [DeclaredHost]?

    /// Computes the one name of this policy: equal policies have equal digests, and others have others.
    ///
    /// - Returns: The digest of the description.
    /// - Throws: `EncodingError` when a bound is no finite number.
    public func digest() throws -> Digest { try Digest(encoding: self) }
}

extension Sandbox {
    /// Describes the policy of this sandbox.
    ///
    /// - Parameter access: What the programs may do to the workspace.
    /// - Returns: The description.
    public func containment(access: Access) -> Containment {
        let filter = SystemCallFilter.standard
        return Containment(
            access: access,
            arguments: arguments(for: [], viewing: "WORKSPACE", access: access),
            view: access == .readOnly ? "none" : copies ? "copy" : "overlay",
            refusedCalls: Set(filter.rules.map(\.call)).sorted(),
            filters: Dictionary(
                uniqueKeysWithValues: SystemCallFilter.Architecture.allCases.map {
                    ($0.rawValue, Digest(of: filter.bytes(for: $0)))
                }
            ),
            limits: limits,
            hosts: hosts.isEmpty ? nil : hosts
        )
    }

    /// Measures how long it takes to start a program that does nothing, with its view of a folder, and to end it.
    ///
    /// - Parameters:
    ///   - directory: The folder; it is not changed.
    ///   - access: What the program may do to the folder.
    /// - Returns: The time from before the start to after the look at what was changed.
    /// - Throws: ``EnactmentError`` when programs cannot be contained here.
    public func timeToStart(in directory: String, access: Access) async throws -> Duration {
        let clock = ContinuousClock()
        let begin = clock.now
        _ = try await run(["true"], in: directory, access: access, seconds: 20)
        return clock.now - begin
    }
}
