//! One of the archives that mean harm.

/// An archive that means harm.
pub struct Case {
    /// What is wrong with it.
    pub name: String,
    /// False for random damage, which may hit what nothing depends on.
    pub must_refuse: bool,
    make: Box<dyn Fn() -> Vec<u8> + Send + Sync>,
}

impl Case {
    /// The archive's bytes, made anew.
    pub fn bytes(&self) -> Vec<u8> {
        (self.make)()
    }

    /// One that must be refused.
    pub(super) fn refused(
        name: impl Into<String>,
        make: impl Fn() -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            must_refuse: true,
            make: Box::new(make),
        }
    }

    /// Random damage.
    pub(super) fn damage(
        name: impl Into<String>,
        make: impl Fn() -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        Self {
            must_refuse: false,
            ..Self::refused(name, make)
        }
    }
}
