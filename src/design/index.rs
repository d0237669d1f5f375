//! Names of a compiled design, for those who look up many.

use std::collections::BTreeMap;

use super::{ComponentId, Design, FlowId, RegionId};

/// Components, regions and flows by name; case is ignored.
pub(super) struct Index {
    components: BTreeMap<String, ComponentId>,
    regions: BTreeMap<String, RegionId>,
    flows: BTreeMap<String, FlowId>,
    /// Flows by the last word of their names, where only one has it: `/links` for `POST /links`.
    paths: BTreeMap<String, Option<FlowId>>,
}

impl Index {
    pub fn of(design: &Design) -> Self {
        let components = design.component_ids().map(|id| (design.component(id).name.to_lowercase(), id));
        let regions = design.regions.iter().enumerate();
        let mut index = Self {
            components: components.collect(),
            regions: regions.map(|(at, region)| (region.name.to_lowercase(), RegionId(at as u32))).collect(),
            flows: BTreeMap::new(),
            paths: BTreeMap::new(),
        };
        for (at, flow) in design.flows.iter().enumerate() {
            let (name, id) = (flow.name.to_lowercase(), FlowId(at as u32));
            if let Some((_, path)) = name.rsplit_once(' ') {
                index.paths.entry(path.to_owned()).and_modify(|flow| *flow = None).or_insert(Some(id));
            }
            index.flows.insert(name, id);
        }
        index
    }

    pub fn component(&self, name: &str) -> Option<ComponentId> {
        self.components.get(&name.trim().to_lowercase()).copied()
    }

    pub fn region(&self, name: &str) -> Option<RegionId> {
        self.regions.get(&name.trim().to_lowercase()).copied()
    }

    pub fn flow(&self, name: &str) -> Option<FlowId> {
        let name = name.trim().to_lowercase();
        self.flows.get(&name).copied().or_else(|| self.paths.get(&name).copied().flatten())
    }
}
