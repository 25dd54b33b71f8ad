//! What a caller may choose about a picture.

use std::collections::BTreeMap;

use farol_api::id::StepId;
use farol_api::incident::StepStatus;
use farol_api::text::Locale;

/// Width of a picture for a page or a sheet of paper, in pixels.
pub const WIDTH_WIDE: u16 = 960;

/// Width of a picture for a phone, in pixels; narrower ones are made this wide.
pub const WIDTH_NARROW: u16 = 320;

/// Where an incident stands in the graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Highlight {
    /// Where each step stands; steps that are not named are shown without a status.
    pub statuses: BTreeMap<StepId, StepStatus>,
    /// The step that people are at.
    pub current: Option<StepId>,
}

/// Gives the address that a step's node leads to; nothing where it leads nowhere.
pub type Link<'a> = &'a dyn Fn(&StepId) -> Option<String>;

/// How a picture is drawn.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The language of the words that are not the author's.
    pub locale: Locale,
    /// What the picture is of, for example the runbook's title; for screen readers.
    pub title: &'a str,
    /// The width in pixels; the height follows. At least [`WIDTH_NARROW`].
    pub width: u16,
    /// The beginning of the ids inside, unique on the page.
    pub id: &'a str,
    /// Whether it stands alone in a file, and therefore brings its own colours.
    ///
    /// Inside a page it brings none: the page's style sheet gives them, for a strict Content-Security-Policy lets no
    /// other in.
    pub standalone: bool,
    /// Where an incident stands.
    pub highlight: Option<&'a Highlight>,
    /// Where nodes lead.
    pub link: Option<Link<'a>>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            locale: Locale::En,
            title: "",
            width: WIDTH_WIDE,
            id: "graph",
            standalone: false,
            highlight: None,
            link: None,
        }
    }
}

impl std::fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("locale", &self.locale)
            .field("title", &self.title)
            .field("width", &self.width)
            .field("id", &self.id)
            .field("standalone", &self.standalone)
            .field("highlight", &self.highlight)
            .finish_non_exhaustive()
    }
}
