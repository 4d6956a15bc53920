import { Model, type ModelStatic } from 'sequelize';

/**
 * The base of every model whose rows belong to a tenant. The tenant_id column fills itself from the transaction and is checked
 * by row level security, so models do not declare it. Beyond the guard on every query, finding by a bare id is refused:
 * rows are reached through their owner.
 */
export abstract class TenantRecord<Attributes extends object, Creation extends object> extends Model<Attributes, Creation> {
  static override findByPk<M extends Model>(this: ModelStatic<M>): Promise<never> {
    return Promise.reject(new Error(`${this.name}: find it through its owner, not by a bare id`));
  }
}
