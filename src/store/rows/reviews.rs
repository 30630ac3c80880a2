//! Rows of lists that name nobody for certain, and what the operator decided.

use crate::domain::{Decision, Grade, Review};
use crate::store::error::StoreError;
use crate::store::record::reviews::ReviewRecord;
use crate::store::record::shape::Form;
use crate::store::tables::REVIEWS;
use crate::store::tx::read::ReadTx;
use crate::store::tx::write::{Change, WriteTx};

impl ReadTx {
    /// Everybody who could not be told for certain, decided or not, by key.
    pub fn reviews(&self) -> Result<Vec<Review>, StoreError> {
        self.scan(&REVIEWS, .., |_, review| Ok(review.value()))
    }

    /// One of them.
    pub fn review(&self, key: &str) -> Result<Option<Review>, StoreError> {
        Ok(self.row(&REVIEWS, key)?.map(Form::value))
    }
}

impl WriteTx {
    /// Every review, as this transaction leaves it.
    pub fn reviews(&self) -> Result<Vec<Review>, StoreError> {
        Ok(self.all(&REVIEWS)?.into_iter().map(Form::value).collect())
    }

    /// Puts people who could not be told for certain. Decisions stay.
    pub fn put_reviews(&mut self, rows: &[Review]) -> Result<Vec<Change>, StoreError> {
        let keyed = rows.iter().map(|row| (row.key.as_str(), row));
        self.edit(&REVIEWS, keyed, |old, new| match old {
            None => ReviewRecord::of(new),
            Some(held) => {
                let mut held: Review = held.value();
                held.take(new.clone());
                ReviewRecord::of(&held)
            }
        })
    }

    /// Keeps what the operator said: his grades go to the player he named, and
    /// are taken from one he named before. `None` when nobody has the key.
    pub fn decide_review(
        &mut self,
        key: &str,
        decision: Decision,
    ) -> Result<Option<Review>, StoreError> {
        let Some(mut review) = self.review(key)? else {
            return Ok(None);
        };
        if let Decision::Matched(before) = review.decision {
            self.drop_grades(before, &review.grades)?;
        }
        if let Decision::Matched(player) = decision {
            // What a list gave him by itself stays his, whatever is decided later.
            let mut own = Vec::new();
            for grade in &review.grades {
                if self.has_grade(player, grade)? {
                    own.push(grade.clone());
                }
            }
            review.settle(&own);
            let grades: Vec<_> = review
                .grades
                .iter()
                .map(|grade| (player, grade.clone()))
                .collect();
            self.complete_grades(&grades)?;
        }
        review.decision = decision;
        self.put(&REVIEWS, key, &ReviewRecord::of(&review))?;
        Ok(Some(review))
    }

    /// Strikes entries of which it is known now whose they are; a question of
    /// which nothing is left, and which nobody answered, goes.
    pub fn answer_reviews(&mut self, known: &[(String, Grade)]) -> Result<(), StoreError> {
        for (key, grade) in known {
            let Some(mut review) = self.review(key)? else {
                continue;
            };
            let nothing_left = review.settle(std::slice::from_ref(grade));
            if nothing_left && review.decision == Decision::Open {
                self.remove(&REVIEWS, key.as_str())?;
            } else {
                self.put(&REVIEWS, key.as_str(), &ReviewRecord::of(&review))?;
            }
        }
        Ok(())
    }

    fn review(&self, key: &str) -> Result<Option<Review>, StoreError> {
        Ok(self.get(&REVIEWS, key)?.map(Form::value))
    }
}
