// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

extension ArtefactReference {
    /// The entry with which a transcript begins in place of the messages of a prompt that is on record by itself.
    public var promptEntry: JSONValue { ["role": "prompt", "artefact": .string(description)] }

    /// Reads the entry that stands for a prompt; `nil` when it is a message.
    public init?(promptEntry json: JSONValue) {
        guard json["role"]?.string == "prompt", let reference = try? json["artefact"]?.decode(ArtefactReference.self)
        else { return nil }
        self = reference
    }
}
