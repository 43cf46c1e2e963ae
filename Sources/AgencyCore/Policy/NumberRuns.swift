// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Runs of digits that could be numbers of telephones or accounts.
struct NumberRuns {
    private(set) var phones: [[Unicode.Scalar]] = []

    init(in scalars: [Unicode.Scalar]) {
        var run: [Unicode.Scalar] = []
        for scalar in scalars {
            if Self.isPart(scalar) {
                run.append(scalar)
            } else {
                if run.count >= 7 { take(run) }
                run.removeAll(keepingCapacity: true)
            }
        }
        take(run)
    }

    /// Whether it is a digit, or one of `+-. ()/` that stand between digits.
    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "0"..."9", "+", "-", ".", " ", "(", ")", "/": true
        default: false
        }
    }

    private mutating func take(_ run: [Unicode.Scalar]) {
        let digits = run.filter(Contacts.isDigit)
        let groups = run.split { !Contacts.isDigit($0) }.map(\.count)
        // Numbers without a sign of their own: of telephones and accounts, neither dates nor amounts nor spans of years.
        let isInternational = run.drop { $0 == " " || $0 == "(" }.first == "+" && digits.count >= 7
        let isDotted = run.count { $0 == "." } >= 2 && groups.count >= 3 && digits.count >= 9
        let isLong = (10...19).contains(digits.count) && !isDate(run) && (!run.contains(".") || isDotted)
        let isAccount = groups.contains { (8...19).contains($0) } && !run.contains(".") && !isDay(digits)
        let isLocal = groups == [3, 4] && run.contains("-")
        if isInternational || isLong || isAccount || isLocal {
            phones.append(run.filter { $0 == "+" || Contacts.isDigit($0) })
        }
    }

    /// Whether the digits are a day, as in 20261121.
    private func isDay(_ digits: [Unicode.Scalar]) -> Bool {
        guard digits.count == 8, let number = Int(String(String.UnicodeScalarView(digits))) else { return false }
        return (1900...2100).contains(number / 10_000) && (1...12).contains(number / 100 % 100)
            && (1...31).contains(number % 100)
    }

    private func isDate(_ run: [Unicode.Scalar]) -> Bool {
        let parts = run.split { !Contacts.isDigit($0) }
        guard parts.count >= 3 else { return false }
        return parts[0].count == 4 && parts[1].count <= 2 && parts[2].count <= 2
    }
}
