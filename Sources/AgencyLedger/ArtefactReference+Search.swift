// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema

extension ArtefactReference {
    private static let prefix = Array("sha256:".utf8)

    /// Finds every artefact that an event refers to: each JSON string value that is exactly `sha256:` and 64 lower-case
    /// hexadecimal digits, at any depth.
    ///
    /// - Returns: The references in order of appearance, each once; none when the bytes are not JSON.
    public static func all(inEvent bytes: [UInt8]) -> [ArtefactReference] {
        guard mayHoldOne(bytes), let value = try? JSONValue(parsing: bytes) else { return [] }
        var found: [ArtefactReference] = []
        var seen: Set<Digest> = []
        collect(value) { if seen.insert($0).inserted { found.append(ArtefactReference($0)) } }
        return found
    }

    // Most events hold no reference, and looking for the prefix is many times faster than parsing. A reference can
    // also be spelt with `\u` escapes, so their presence asks for the parser too.
    private static func mayHoldOne(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { buffer in
            for index in buffer.indices {
                switch buffer[index] {
                case UInt8(ascii: ":") where index >= prefix.count - 1:
                    if buffer[(index - (prefix.count - 1))...index].elementsEqual(prefix) { return true }
                case UInt8(ascii: "u") where index > 0 && buffer[index - 1] == UInt8(ascii: "\\"): return true
                default: continue
                }
            }
            return false
        }
    }

    private static func collect(_ value: JSONValue, _ found: (Digest) -> Void) {
        switch value {
        case .string(let text):
            guard text.utf8.count == prefix.count + 64, text.utf8.starts(with: prefix) else { return }
            if let digest = Digest(hex: String(text.dropFirst(prefix.count))) { found(digest) }
        case .array(let elements): for element in elements { collect(element, found) }
        case .object(let object): for (_, element) in object { collect(element, found) }
        default: return
        }
    }
}
