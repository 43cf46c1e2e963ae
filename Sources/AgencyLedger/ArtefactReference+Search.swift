// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema

extension ArtefactReference {
    private static let prefix = Array("sha256:".utf8)

    /// The members of an event, or of its body, that refer to artefacts; those of samples stand beside them.
    ///
    /// Only these count: a model can write something that looks like a reference anywhere else, and must not be able to
    /// make a sound ledger look as if it had lost an artefact.
    public static let members: Set<String> = ["prompt", "transcript", "verdict"]

    /// Finds every artefact that an event refers to: the ``members`` of it and of its body that are exactly `sha256:` and
    /// 64 lower-case hexadecimal digits.
    ///
    /// - Parameters:
    ///   - bytes: The event.
    ///   - members: Those of the ``members`` that are of interest.
    /// - Returns: The references in order of appearance, each once; none when the bytes are not JSON.
    public static func all(
        inEvent bytes: [UInt8],
        members: Set<String> = ArtefactReference.members
    ) -> [ArtefactReference] {
        guard mayHoldOne(bytes), let value = try? JSONValue(parsing: bytes) else { return [] }
        var found: [ArtefactReference] = []
        var seen: Set<Digest> = []
        collect(value, members) { if seen.insert($0).inserted { found.append(ArtefactReference($0)) } }
        return found
    }

    // Most events hold no reference, and looking for the prefix is many times faster than parsing. A reference can
    // also be spelt with `\u` escapes, so their presence asks for the parser too.
    private static func mayHoldOne(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { buffer in
            var index = 1
            while index < buffer.count {
                switch buffer[index] {
                // Few words end in a 6; the whole prefix is looked at only then.
                case UInt8(ascii: ":") where buffer[index - 1] == UInt8(ascii: "6") && index >= 6:
                    if buffer[(index - 6)...index].elementsEqual(prefix) { return true }
                case UInt8(ascii: "u") where buffer[index - 1] == UInt8(ascii: "\\"): return true
                default: break
                }
                index += 1
            }
            return false
        }
    }

    private static func collect(_ event: JSONValue, _ members: Set<String>, _ found: (Digest) -> Void) {
        let names = members.sorted()
        for holder in [event, event["body"] ?? .null] {
            for name in names { collect(holder[name], found) }
            for sample in holder["ballot"]?["samples"]?.array ?? [] {
                for name in names { collect(sample[name], found) }
            }
        }
    }

    private static func collect(_ member: JSONValue?, _ found: (Digest) -> Void) {
        guard let text = member?.string, text.utf8.count == prefix.count + 64, text.utf8.starts(with: prefix),
            let digest = Digest(hex: String(text.dropFirst(prefix.count)))
        else { return }
        found(digest)
    }
}
