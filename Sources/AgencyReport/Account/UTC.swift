// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Writes times of the ledger for people: in UTC, by the rules of ISO 8601, whatever the machine's settings.
public enum UTC {
    /// Returns a time in milliseconds since 1970 as `2026-03-14T09:26:53Z`.
    ///
    /// > Source: H. Hinnant, chrono-compatible low-level date algorithms, `civil_from_days`
    /// > <https://howardhinnant.github.io/date_algorithms.html>.
    public static func text(milliseconds: Int64) -> String {
        let seconds = floorDivided(milliseconds, 1000)
        let days = floorDivided(seconds, 86_400)
        let second = seconds - days * 86_400
        // 719,468 days lie between 0000-03-01 and 1970-01-01; 146,097 make an era of 400 years.
        let shifted = days + 719_468
        let era = floorDivided(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        return "\(date)T\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))Z"
    }

    private static func floorDivided(_ number: Int64, _ divisor: Int64) -> Int64 {
        number >= 0 ? number / divisor : -((-(number + 1)) / divisor) - 1
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number.magnitude)
        return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
