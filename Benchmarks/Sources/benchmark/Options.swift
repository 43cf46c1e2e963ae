// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import OpenAgency

/// Options of a command line, each a name and a value.
struct Options {
    private var values: [String: String] = [:]

    init(_ words: some Sequence<String>) throws {
        var name: String?
        for word in words {
            if let known = name {
                values[known] = word
                name = nil
            } else {
                guard word.hasPrefix("--") else { throw UsageFault("“\(word)” is no option; options begin with --") }
                name = String(word.dropFirst(2))
            }
        }
        if let name { throw UsageFault("--\(name) needs a value") }
    }

    subscript(_ name: String) -> String? { values[name] }

    var durability: Durability { values["durability"] == "relaxed" ? .relaxed : .full }

    var delivery: Profile.Delivery { values["delivery"] == "stream" ? .stream : .whole }

    func integer(_ name: String) throws -> Int? {
        guard let text = values[name] else { return nil }
        guard let value = Int(text), value >= 0 else {
            throw UsageFault("--\(name) needs a whole number, not “\(text)”")
        }
        return value
    }
}

/// Something wrong with the command line.
struct UsageFault: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
