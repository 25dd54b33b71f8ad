//! Outlines: signs, lines with round corners, arrow heads.

use std::fmt::Write as _;

use crate::facts::Sign;
use crate::layout::Point;

/// Radius of a line's corners.
const CORNER: i32 = 6;

/// The outline of a sign in a square of 24.
pub const fn outline(sign: Sign) -> &'static str {
    match sign {
        Sign::Eye => "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
        Sign::Pencil => "M4 20l1-4L16.5 4.5l3 3L8 19zM14 7l3 3",
        Sign::Octagon => "M8 2h8l6 6v8l-6 6H8l-6-6V8zM12 7v6M12 16.5v.5",
        Sign::Question => "M8 2h8l6 6v8l-6 6H8l-6-6V8zM9.5 9a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.8v.2",
        Sign::Hand => {
            "M7 12V6.5a1.5 1.5 0 0 1 3 0V11V4.5a1.5 1.5 0 0 1 3 0V11V5.5a1.5 1.5 0 0 1 3 0V12V8.5a1.5 1.5 0 0 1 3 0V15c0 \
             4-2.5 7-6.5 7S7 20 5.5 17L3 12.5c-.6-1.6 1.4-2.6 2.3-1.2z"
        }
        Sign::Tick => "M3 3h18v18H3zM7 12l4 4 7-8",
        Sign::Page => "M5 2h10l4 4v16H5zM15 2v4h4M8 11h8M8 15h8",
        Sign::Barred => "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zM5 5l14 14",
        Sign::Bell => "M6 17V10a6 6 0 0 1 12 0v7l2 2H4zM10 22h4",
        Sign::Arrow => "M4 6v6h15M14 7l5 5-5 5",
        Sign::Diamond => "M12 2l10 10-10 10L2 12z",
    }
}

/// A line through corners, rounded.
pub fn line(points: &[Point]) -> String {
    let mut path = String::new();
    for (index, point) in points.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| points.get(index));
        let _ = match (before, points.get(index + 1)) {
            (None, _) => write!(path, "M{} {}", point.0, point.1),
            (Some(_), None) => write!(path, "L{} {}", point.0, point.1),
            (Some(before), Some(after)) => {
                let (a, b) = (towards(*point, *before), towards(*point, *after));
                write!(path, "L{} {}Q{} {} {} {}", a.0, a.1, point.0, point.1, b.0, b.1)
            }
        };
    }
    path
}

/// The place where the corner's curve begins: on the way to a neighbour, at most half of it.
fn towards(corner: Point, neighbour: Point) -> Point {
    let step = |from: i32, to: i32| {
        let way = to - from;
        from + way.signum() * CORNER.min(way.abs() / 2)
    };
    (step(corner.0, neighbour.0), step(corner.1, neighbour.1))
}

/// An arrow head at the end of a line; nothing where the line has no length.
pub fn head(points: &[Point]) -> Option<String> {
    let [.., before, tip] = points else { return None };
    let (dx, dy) = ((tip.0 - before.0).signum(), (tip.1 - before.1).signum());
    if (dx, dy) == (0, 0) {
        return None;
    }
    let back = (tip.0 - 7 * dx, tip.1 - 7 * dy);
    let (a, b) = ((back.0 - 4 * dy, back.1 - 4 * dx), (back.0 + 4 * dy, back.1 + 4 * dx));
    Some(format!("M{} {}L{} {}L{} {}z", tip.0, tip.1, a.0, a.1, b.0, b.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_are_rounded_and_short_ways_are_not_overshot() {
        assert_eq!(line(&[(0, 0), (0, 40), (4, 40)]), "M0 0L0 34Q0 40 2 40L4 40");
    }

    #[test]
    fn a_line_without_length_has_no_head() {
        assert_eq!(head(&[(3, 3), (3, 3)]), None);
    }
}
