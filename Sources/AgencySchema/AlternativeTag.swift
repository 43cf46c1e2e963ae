// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The member by which alternatives are told apart: each demands another constant there.
struct AlternativeTag {
    /// The name of the member.
    let name: String

    /// Finds the member that every alternative demands a constant of.
    init?(of options: [JSONValue]) {
        let members = options.first?["properties"]?.object ?? [:]
        for (name, _) in members
        where options.count > 1 && options.allSatisfy({ $0["properties"]?[name]?["const"] != nil }) {
            self.name = name
            return
        }
        return nil
    }

    /// The constant that an alternative demands.
    func value(in option: JSONValue) -> JSONValue? { option["properties"]?[name]?["const"] }
}
