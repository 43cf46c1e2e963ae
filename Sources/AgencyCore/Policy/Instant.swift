// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A second in UTC, as mandates and traces write it: `2026-12-01T00:00:00Z`.
struct Instant: Hashable, Sendable, CustomStringConvertible {
    /// Milliseconds since 1970 UTC.
    let milliseconds: Int64

    init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Reads a text; `nil` where it is no second that there is.
    init?(_ text: String) {
        let numbers = text.split(whereSeparator: { "-T:Z".contains($0) }).compactMap { Int64($0) }
        guard numbers.count == 6, (1...12).contains(numbers[1]), (1...31).contains(numbers[2]) else { return nil }
        let days = Self.days(year: numbers[0], month: numbers[1], day: numbers[2])
        let instant = Instant(
            milliseconds: (((days * 24 + numbers[3]) * 60 + numbers[4]) * 60 + numbers[5]) * 1000
        )
        // One spelling for each second, so that texts can be compared as such.
        guard instant.description == text else { return nil }
        self = instant
    }

    var description: String {
        let seconds = milliseconds.quotientDown(1000)
        let (year, month, day) = Self.date(days: seconds.quotientDown(86_400))
        let time = seconds - seconds.quotientDown(86_400) * 86_400
        func pad(_ number: Int64, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))T"
            + "\(pad(time / 3600, 2)):\(pad(time / 60 % 60, 2)):\(pad(time % 60, 2))Z"
    }

    /// Days since 1970 of a date in the Gregorian calendar.
    ///
    /// > Source: H. Hinnant, chrono-compatible low-level date algorithms, `days_from_civil`.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = year.quotientDown(400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// > Source: the same, `civil_from_days`.
    private static func date(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let days = days + 719_468
        let era = days.quotientDown(146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        let month = part + (part < 10 ? 3 : -9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * part + 2) / 5 + 1)
    }
}

extension Int64 {
    /// The quotient rounded down, for days before 1970 too.
    fileprivate func quotientDown(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
