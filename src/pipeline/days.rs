//! stub
pub fn keep(_: &crate::store::Store, _: jiff::civil::Date) -> anyhow::Result<bool> {
    Ok(false)
}
