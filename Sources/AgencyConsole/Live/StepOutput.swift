// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencyReport
import AgencySchema

/// What a step has printed so far that is being carried out on this machine.
///
/// It is no part of the record, which has the whole when the step has ended; what is kept of it may be old after a crash.
public struct StepOutput: Sendable, Hashable, Codable {
    /// The step.
    public var step: StepID
    /// The newest of what it has printed.
    public var text: String
    /// When it was told, in milliseconds since 1970 UTC.
    public var atMilliseconds: Int64

    /// Tells what the step of a run prints; `nil` where nothing is known of it.
    public typealias Source = @Sendable (RunID) -> StepOutput?

    /// Makes it.
    public init(step: StepID, text: String, atMilliseconds: Int64) {
        self.step = step
        self.text = text
        self.atMilliseconds = atMilliseconds
    }

    /// As programs and scripts get it, with all spelt out that cannot be seen.
    var json: JSONValue {
        [
            "step": .string(step.rawValue), "text": .string(Escape.terminal(text, multiline: true)),
            "at": .integer(atMilliseconds),
        ]
    }

    /// Where no step prints.
    static let nothing: JSONValue = ["step": .null, "text": .null, "at": .null]
}

extension RunState {
    /// The step that acts now, as far as the record tells.
    var acting: StepID? {
        guard let current = enactment.current, case .intended = current.phase, status == .running else { return nil }
        return current.step.id
    }

    /// What the step has printed that acts now, if it is known; what is left of an earlier one is none of it.
    func running(_ output: (RunID) -> StepOutput?) -> StepOutput? {
        guard let acting, let output = output(run), output.step == acting,
            output.atMilliseconds >= enactment.trials.last?.atMilliseconds ?? .max
        else { return nil }
        return output
    }
}
