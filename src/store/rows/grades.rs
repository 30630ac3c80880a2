//! What publishers say of players.

use crate::domain::{Grade, ProspectId};
use crate::store::error::StoreError;
use crate::store::record::grades::GradeRecord;
use crate::store::record::shape::Form;
use crate::store::tables::GRADES;
use crate::store::tx::read::ReadTx;
use crate::store::tx::write::{Change, WriteTx};

impl ReadTx {
    /// Every dated entry with an overall rank of a published list, by player.
    pub fn overall_ranks(&self) -> Result<Vec<(ProspectId, Grade)>, StoreError> {
        let mut grades = self.scan(&GRADES, .., |(id, _), grade| {
            Ok((ProspectId(id), grade.value()))
        })?;
        grades.retain(|(_, grade)| grade.rank.is_some() && grade.published.is_some());
        Ok(grades)
    }

    /// Who has an entry in the same publication of a list as `grade`.
    pub fn entries_beside(&self, grade: &Grade) -> Result<Vec<(ProspectId, Grade)>, StoreError> {
        let mut held = self.scan(&GRADES, .., |(id, _), held| {
            Ok((ProspectId(id), held.value()))
        })?;
        held.retain(|(_, held): &(ProspectId, Grade)| held.same_entry(grade));
        Ok(held)
    }
}

impl WriteTx {
    /// Puts published grades and ranks.
    pub fn put_grades(&mut self, rows: &[(ProspectId, Grade)]) -> Result<Vec<Change>, StoreError> {
        let keys: Vec<String> = rows.iter().map(|(_, grade)| grade_key(grade)).collect();
        let keyed = rows
            .iter()
            .zip(&keys)
            .map(|((id, grade), key)| ((id.0, key.as_str()), grade));
        self.edit(&GRADES, keyed, |_, grade| GradeRecord::of(grade))
    }

    /// Puts grades, completed by what is stored of the same entry.
    pub fn complete_grades(
        &mut self,
        rows: &[(ProspectId, Grade)],
    ) -> Result<Vec<Change>, StoreError> {
        let keys: Vec<String> = rows.iter().map(|(_, grade)| grade_key(grade)).collect();
        let keyed = rows
            .iter()
            .zip(&keys)
            .map(|((id, grade), key)| ((id.0, key.as_str()), grade));
        self.edit(&GRADES, keyed, |old, grade| {
            let mut grade = grade.clone();
            if let Some(old) = old {
                grade.complete(&old.value());
            }
            GradeRecord::of(&grade)
        })
    }

    /// Takes entries from players who turned out not to be meant.
    pub fn take_grades(&mut self, rows: &[(ProspectId, Grade)]) -> Result<(), StoreError> {
        for (player, grade) in rows {
            self.drop_grades(*player, std::slice::from_ref(grade))?;
        }
        Ok(())
    }

    pub(super) fn has_grade(&self, player: ProspectId, grade: &Grade) -> Result<bool, StoreError> {
        let held = self.get(&GRADES, (player.0, grade_key(grade).as_str()))?;
        Ok(held.is_some())
    }

    pub(super) fn drop_grades(
        &mut self,
        player: ProspectId,
        grades: &[Grade],
    ) -> Result<(), StoreError> {
        for grade in grades {
            self.remove(&GRADES, (player.0, grade_key(grade).as_str()))?;
        }
        Ok(())
    }
}

fn grade_key(grade: &Grade) -> String {
    let published = grade
        .published
        .map(|day| day.to_string())
        .unwrap_or_default();
    format!(
        "{}/{}/{}/{published}",
        grade.source, grade.list, grade.list_year
    )
}
