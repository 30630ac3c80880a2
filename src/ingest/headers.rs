//! Headers nobody knows, and the known ones they are like.

/// The known name a header is most like, if it is like any.
pub(super) fn nearest<'a>(header: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let bare = |text: &str| {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    let header = bare(header);
    let distance = |known: &str| {
        let known = bare(known);
        let edits = strsim::osa_distance(&header, &known);
        let within = known.len() > 2 && header.len() > known.len() && header.contains(&known);
        let near = edits * 3 <= known.len().min(header.len());
        (near || within).then_some((!near, edits))
    };
    known
        .filter_map(|name| Some((distance(name)?, name)))
        .min()
        .map(|(_, name)| name)
}
