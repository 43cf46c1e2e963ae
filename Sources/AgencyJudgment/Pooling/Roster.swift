// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The evaluators that a pool has seen, each with a seat: a number by which its state is found without its name.
///
/// Seats and families are given in the order in which they first come, those that come together in the order of their names.
struct Roster: Hashable, Sendable {
    private(set) var evaluators: [Evaluator] = []
    /// The place of each seat's family.
    private(set) var families: [Int] = []
    /// How many seats each family has.
    private(set) var familySizes: [Int] = []
    private var seats: [String: Int] = [:]
    private var familyPlaces: [String: Int] = [:]

    var count: Int { evaluators.count }
    var familyCount: Int { familySizes.count }

    func seat(of name: String) -> Int? { seats[name] }

    func place(ofFamily family: String) -> Int? { familyPlaces[family] }

    /// Gives seats to those that have none.
    ///
    /// The k-th seat of a family starts with 1/k of the weight of one that stands alone: 50 copies weigh 4.5 together.
    /// Those of a family that come together share what their seats start with, so that none is first by its name.
    ///
    /// - Returns: What the new seats start with, in the order of their seats.
    mutating func admit(_ newcomers: [Evaluator]) -> [Double] {
        let before = familySizes
        let first = count
        for evaluator in newcomers where seats[evaluator.name] == nil { seat(evaluator) }
        // One sum for each family that has grown.
        var starts: [Int: Double] = [:]
        return families[first...].map { family in
            if let start = starts[family] { return start }
            let old = family < before.count ? before[family] : 0
            let new = familySizes[family]
            let start = (old..<new).reduce(0) { $0 + 1 / Double($1 + 1) } / Double(new - old)
            starts[family] = start
            return start
        }
    }

    private mutating func seat(_ evaluator: Evaluator) {
        seats[evaluator.name] = count
        evaluators.append(evaluator)
        let place = familyPlaces[evaluator.family] ?? familySizes.count
        if place == familySizes.count {
            familyPlaces[evaluator.family] = place
            familySizes.append(0)
        }
        families.append(place)
        familySizes[place] += 1
    }
}

extension Roster: Codable {
    /// Reads the evaluators in the order of their seats.
    init(from decoder: any Decoder) throws {
        let read = try [Evaluator](from: decoder)
        for evaluator in read { seat(evaluator) }
        guard seats.count == read.count else {
            let context = DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "an evaluator twice")
            throw DecodingError.dataCorrupted(context)
        }
    }

    func encode(to encoder: any Encoder) throws { try evaluators.encode(to: encoder) }
}
