// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

extension JSONValue {
    /// The value with every text in it, names of members included, as another model may be shown it.
    ///
    /// A value whose texts hide nothing comes back as it is.
    public var stripped: JSONValue { mayHide ? withoutHidden : self }

    private var mayHide: Bool {
        switch self {
        case .string(let text): !TextScan.isPlain(text)
        case .array(let values): values.contains(where: \.mayHide)
        case .object(let object): object.contains { !TextScan.isPlain($0.key) || $0.value.mayHide }
        default: false
        }
    }

    private var withoutHidden: JSONValue {
        switch self {
        case .string(let text): return .string(TextScan.stripped(text))
        case .array(let values): return .array(values.map(\.withoutHidden))
        case .object(let object):
            var result = JSONObject()
            for (name, value) in object {
                let plain = TextScan.stripped(name)
                // Two names may differ only in what is hidden; neither member may vanish for that.
                let isTaken = plain != name && (object[plain] != nil || result[plain] != nil)
                result[isTaken ? TextScan.visible(name) : plain] = value.withoutHidden
            }
            return .object(result)
        default: return self
        }
    }

    /// What all texts in the value hide, put together; offsets are those within each text.
    public var scanned: [TextScan.Finding] {
        switch self {
        case .string(let text): TextScan(text).findings
        case .array(let values): values.flatMap(\.scanned)
        case .object(let object): object.flatMap { TextScan($0.key).findings + $0.value.scanned }
        default: []
        }
    }
}
