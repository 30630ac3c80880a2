//! stub
use crate::domain::*;
use crate::store::*;
use jiff::civil::Date;
#[derive(Clone)]
pub struct Ask;
impl Ask {
    pub fn key(&self) -> String {
        String::new()
    }
    pub fn path(&self, _: u32) -> String {
        String::new()
    }
    pub fn next(&self, _: &[u8], _: u32) -> std::result::Result<Option<u32>, std::fmt::Error> {
        Ok(None)
    }
}
pub fn daily(_: Date, _: Date) -> Vec<Ask> {
    vec![]
}
pub fn backfill(_: Season) -> Vec<Ask> {
    vec![]
}
pub fn requests(_: &Ask) -> u32 {
    0
}
pub struct Page {
    pub ask: Ask,
    pub offset: u32,
    pub body: Vec<u8>,
}
pub enum Purpose {
    Daily,
    Backfill,
}
pub struct Harvest {
    pub rows: u64,
    pub findings: Vec<Finding>,
    pub refused: Vec<Quarantined>,
}
pub struct Tally {
    pub added: u64,
    pub updated: u64,
}
pub fn read(_: &[Page], _: Date, _: Purpose) -> std::result::Result<Harvest, Vec<Finding>> {
    todo!()
}
pub fn apply(_: &Harvest, _: &mut WriteTx) -> crate::store::Result<Tally> {
    todo!()
}
