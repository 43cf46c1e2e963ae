// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What an action's argument stands for in the workspace at some moment, with every link and content resolved.
public struct ActionTarget: Hashable, Sendable, Codable {
    /// The path from the root of the workspace.
    public var path: String
    /// What is there: `file`, `folder`, `link`, `other`, or `absent`.
    public var kind: String
    /// The digest of a file's bytes, or of a link's text.
    public var content: Digest?

    /// Makes a target.
    public init(path: String, kind: String, content: Digest? = nil) {
        self.path = path
        self.kind = kind
        self.content = content
    }

    /// Whether changing one could change the other: the same path, or one inside the other.
    public func overlaps(_ other: ActionTarget) -> Bool {
        // By bytes: what differs in its composition only is another file to a disk.
        let (mine, theirs) = (Array(path.utf8), Array(other.path.utf8))
        let shorter = min(mine.count, theirs.count)
        guard mine.prefix(shorter) == theirs.prefix(shorter) else { return false }
        let longer = mine.count > theirs.count ? mine : theirs
        return longer.count == shorter || shorter == 0 || longer[shorter] == UInt8(ascii: "/") || path == "."
            || other.path == "."
    }
}

/// What an action would touch in the workspace.
public struct ActionReach: Hashable, Sendable {
    /// What is known of it.
    public var targets: [ActionTarget]
    /// Whether it touches nothing else, as far as going back to a checkpoint is concerned.
    public var isAll: Bool

    /// Makes a reach.
    public init(_ targets: [ActionTarget], isAll: Bool) {
        self.targets = targets
        self.isAll = isAll
    }
}

/// What a step of an option finds in the workspace, as it was when the option was put before the person.
public struct StepTarget: Hashable, Sendable, Codable {
    /// The option.
    public var option: ProposalID
    /// The step.
    public var step: StepID
    /// What it finds.
    public var target: ActionTarget

    /// Makes a target.
    public init(option: ProposalID, step: StepID, target: ActionTarget) {
        self.option = option
        self.step = step
        self.target = target
    }
}

extension Proposal {
    /// What the steps of the plan find in the workspace and no earlier step of it can have changed.
    ///
    /// - Parameter find: Says what an action would touch now; after one that may touch anything, or has holes, nothing is
    ///   bound.
    /// - Returns: What each step finds, in the order in which the steps are done.
    /// - Throws: what `find` throws.
    public func targets<Failure: Error>(
        _ find: (Action) async throws(Failure) -> ActionReach
    ) async throws(Failure) -> [StepTarget] {
        var touched: [ActionTarget] = []
        var result: [StepTarget] = []
        for step in plan.ordered ?? [] {
            // What it touches is not known yet.
            guard step.holes == nil else { break }
            let reach = try await find(step.action)
            for target in reach.targets where !touched.contains(where: { $0.overlaps(target) }) {
                result.append(StepTarget(option: id, step: step.id, target: target))
            }
            guard reach.isAll else { break }
            touched += reach.targets
        }
        return result
    }
}
