import { Yaml } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { Files, firstCluster, runExample } from '../pages/examples';

/** What an example writes, for another namespace; of the fleet one cluster, as no other one is different to the API. */
export function exampleIn(namespace: string, name: string): Files {
  const files = runExample(name);
  const few = name === 'fleet' ? firstCluster(files) : files;
  return changed(few, ({ metadata }) => { metadata.namespace = namespace; });
}

/**
 * The same for a small Kubernetes cluster without a registry: images by tag, since digests are of the registry that you have,
 * the default storage class, and no resources.
 */
export function smallExampleIn(namespace: string, name: string): Files {
  return changed(exampleIn(namespace, name), ({ spec }) => {
    const pod = spec?.template?.spec;
    [...pod?.containers ?? [], ...pod?.initContainers ?? []].forEach(container => {
      container.image = container.image.split('@')[0];
      delete container.resources;
    });
    spec?.volumeClaimTemplates?.forEach((claim: any) => delete claim.spec.storageClassName);
  });
}

/** The files of YAML after a change of each object; host names follow the object's namespace. */
function changed(files: Files, change: (object: any) => unknown): Files {
  return Object.fromEntries(Object.entries(files).filter(([file]) => file.endsWith('.yaml')).map(([file, content]) => [file, parseAllDocuments(content).map(document => {
    const object = document.toJS();
    const before = object.metadata.namespace;
    change(object);
    const after = object.metadata.namespace;
    const yaml = Yaml.stringify(object); // as kubectl reads it, for which an unquoted yes is true
    return before === undefined ? yaml : yaml.replaceAll(`.${before}.svc`, `.${after}.svc`);
  }).join('---\n')]));
}
