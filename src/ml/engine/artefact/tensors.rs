//! Named tensors of one role, and the file they are kept in.

use std::collections::HashMap;

use candle_core::{DType, Device, Result, Tensor, WithDType, safetensors};

use crate::domain::Role;
use crate::ml::error::Error;
use crate::ml::learners::linear::Logistic;

/// Tensors as the bytes of a safetensors file.
pub(crate) fn serialize(tensors: &HashMap<String, Tensor>) -> std::result::Result<Vec<u8>, Error> {
    // candle writes safetensors to a path only.
    let dir = std::env::temp_dir();
    let path = dir.join(format!(
        "afwd-{}-{:p}.safetensors",
        std::process::id(),
        tensors
    ));
    safetensors::save(tensors, &path)?;
    let bytes = std::fs::read(&path);
    let removed = std::fs::remove_file(&path);
    bytes
        .and_then(|b| removed.map(|()| b))
        .map_err(|source| Error::File { path, source })
}

/// Cuts a flat list into runs of the given lengths.
pub(crate) fn cut(values: &[f32], lengths: &[u32]) -> std::result::Result<Vec<Vec<f32>>, Error> {
    let mut rest = values;
    let mut runs = Vec::with_capacity(lengths.len());
    for &length in lengths {
        let (run, tail) = rest
            .split_at_checked(length as usize)
            .ok_or_else(|| Error::refused("its knots are incomplete"))?;
        runs.push(run.to_vec());
        rest = tail;
    }
    Ok(runs)
}

/// Puts tensors of one role.
pub(super) struct Writer<'a> {
    pub(super) role: Role,
    pub(super) tensors: &'a mut HashMap<String, Tensor>,
}

impl Writer<'_> {
    /// A flat list.
    pub(super) fn list<T: WithDType>(
        &mut self,
        name: &str,
        values: impl Iterator<Item = T>,
    ) -> Result<()> {
        let tensor = Tensor::from_iter(values, &Device::Cpu)?;
        self.put(name, tensor);
        Ok(())
    }

    /// Rows of `width` values each.
    pub(super) fn rows<T: WithDType>(
        &mut self,
        name: &str,
        values: impl Iterator<Item = T>,
        width: usize,
    ) -> Result<()> {
        let tensor = Tensor::from_iter(values, &Device::Cpu)?.reshape(((), width))?;
        self.put(name, tensor);
        Ok(())
    }

    /// Regressions of equal width as `name.weights` and `name.intercepts`.
    pub(super) fn logistics<'l>(
        &mut self,
        name: &str,
        all: impl Iterator<Item = &'l Logistic> + Clone,
        width: usize,
    ) -> Result<()> {
        let weights = all.clone().flat_map(|l| l.weights.iter().copied());
        self.rows(&format!("{name}.weights"), weights, width)?;
        self.list(&format!("{name}.intercepts"), all.map(|l| l.intercept))
    }

    fn put(&mut self, name: &str, tensor: Tensor) {
        self.tensors.insert(format!("{}.{name}", self.role), tensor);
    }
}

/// Finds tensors of one role.
pub(super) struct Reader<'a> {
    pub(super) role: Role,
    pub(super) tensors: &'a HashMap<String, Tensor>,
}

impl Reader<'_> {
    /// A list of values of this type.
    pub(super) fn list<T: WithDType>(&self, name: &str) -> std::result::Result<Vec<T>, Error> {
        let name = format!("{}.{name}", self.role);
        let tensor = self
            .tensors
            .get(&name)
            .filter(|t| t.dtype() == dtype::<T>());
        let tensor = tensor.ok_or_else(|| Error::Refused(format!("its weights lack {name}")))?;
        Ok(tensor.flatten_all()?.to_vec1::<T>()?)
    }

    /// `count` regressions of `width` weights each.
    pub(super) fn logistics(
        &self,
        name: &str,
        count: usize,
        width: usize,
    ) -> std::result::Result<Vec<Logistic>, Error> {
        let weights: Vec<f64> = self.list(&format!("{name}.weights"))?;
        let intercepts: Vec<f64> = self.list(&format!("{name}.intercepts"))?;
        whole(weights.len() == count * width && intercepts.len() == count)?;
        let rows = weights.chunks_exact(width).zip(intercepts);
        Ok(rows
            .map(|(w, intercept)| Logistic {
                weights: w.to_vec(),
                intercept,
            })
            .collect())
    }
}

/// Refuses a model whose tensors do not fit each other.
pub(super) fn whole(is: bool) -> std::result::Result<(), Error> {
    is.then_some(())
        .ok_or_else(|| Error::refused("its tensors do not have the shapes its configuration says"))
}

fn dtype<T: WithDType>() -> DType {
    T::DTYPE
}
