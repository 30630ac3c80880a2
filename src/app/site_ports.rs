//! The operation behind the interfaces of the site.

use super::champion::source;
use super::sources::Operation;
use crate::domain::Decision;
use crate::ingest::lists::reviews::{self, ReviewError, ReviewView};
use crate::ingest::sources::MLB;
use crate::rankings::SourceError;
use crate::web::jobs::{JobView, Jobs, JobsError};
use crate::web::operator::Operator;
use crate::web::quality::{Quality, QualityView};
use crate::web::reviews::Reviews;

impl Jobs for Operation {
    fn jobs(&self, limit: usize) -> Result<Vec<JobView>, JobsError> {
        let jobs = self.queue.store().newest(limit).map_err(failed)?;
        Ok(jobs.iter().map(JobView::from).collect())
    }

    fn refresh(&self, _: &Operator) -> Result<JobView, JobsError> {
        if !self.may_ask(&MLB).map_err(failed)? {
            let (title, name) = (MLB.title, MLB.name);
            return Err(JobsError::Refused(format!(
                "Accept the terms of the {title} first: `afwd sources accept {name}`, or start the \
                 server with AFWD_ACCEPT_{}_TERMS=true.",
                name.to_uppercase()
            )));
        }
        Operation::refresh(self)
            .map(|job| JobView::from(&job))
            .map_err(failed)
    }

    fn cancel(&self, _: &Operator, id: u64) -> Result<Option<JobView>, JobsError> {
        Ok(self
            .queue
            .cancel(id)
            .map_err(failed)?
            .as_ref()
            .map(JobView::from))
    }
}

impl Quality for Operation {
    fn quality(&self) -> Result<QualityView, SourceError> {
        self.look().map_err(source)
    }
}

impl Reviews for Operation {
    fn waiting(&self) -> Result<Vec<ReviewView>, ReviewError> {
        Ok(reviews::reviews(&self.store, false)?)
    }

    fn decide(
        &self,
        _: &Operator,
        key: &str,
        decision: Decision,
    ) -> Result<Option<ReviewView>, ReviewError> {
        reviews::decide(&self.store, key, decision)
    }
}

fn failed(error: anyhow::Error) -> JobsError {
    JobsError::Source(source(error))
}
